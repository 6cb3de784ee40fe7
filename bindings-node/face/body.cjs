'use strict'

const { isAnyArrayBuffer, isSharedArrayBuffer, isUint8Array } = require('node:util').types

const { ConfigurationError } = require('./errors.cjs')
const { wrongType } = require('./options.cjs')

const EXPECTED = 'a Buffer, another view of bytes or a string'
const EXPRESS_FIX = "keep express.json() off this route, or put express.raw({ type: '*/*' }) on it first"

/** Returns the bytes of a body without copying them; the UTF-8 of a string; undefined for anything else. */
function bytesOf(body) {
  if (typeof body === 'string') return encoded(body)
  if (ArrayBuffer.isView(body)) {
    const isBytes = body instanceof Uint8Array || isUint8Array(body)
    const view = isBytes ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    return steady(view)
  }
  return isAnyArrayBuffer(body) ? steady(Buffer.from(body)) : undefined
}

/**
 * Encodes a text as UTF-8. A lone surrogate has no such form, and Node writes U+FFFD in its place: another text than
 * the signed one would then have the signed bytes. So it gets bytes that no JSON has.
 */
function encoded(text) {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8')
  const pieces = text.split(/(\p{Surrogate})/u)
  return Buffer.concat(
    pieces.map((piece, index) => (index % 2 === 0 ? Buffer.from(piece, 'utf8') : surrogate(piece))),
  )
}

function surrogate(piece) {
  const unit = piece.charCodeAt(0)
  return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)])
}

/** Returns bytes that cannot change or vanish while they are read. */
function steady(view) {
  const { buffer } = view
  if (!(buffer instanceof ArrayBuffer) && isSharedArrayBuffer(buffer)) {
    // Another thread could change shared memory between the verification and the parsing.
    return Buffer.from(view)
  }
  // Memory that was transferred elsewhere has no length. An empty body is a valid request to some providers, so
  // that must not pass for one.
  if (view.length === 0 && isDetached(buffer))
    throw new TypeError('the body is detached: its memory was transferred')
  return view
}

function isDetached(buffer) {
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}

/** Tells whether a body is what a parser made: an array or an object that is nothing else. */
function isParsed(body) {
  if (typeof body !== 'object' || body === null) return false
  return Array.isArray(body) || Object.prototype.toString.call(body) === '[object Object]'
}

/** Makes the error for a body whose bytes are gone, with what to change in the framework. */
function alreadyParsed(fix = EXPRESS_FIX) {
  return new ConfigurationError(
    'body_already_parsed',
    `the body was parsed before it was verified, so the bytes that were signed are gone: ${fix}`,
  )
}

function wrongBody(body) {
  return wrongType('the body', body, EXPECTED)
}

module.exports = { alreadyParsed, bytesOf, isParsed, wrongBody }
