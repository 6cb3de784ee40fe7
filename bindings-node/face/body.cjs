'use strict'

const { isAscii } = require('node:buffer')
const { isAnyArrayBuffer, isDataView, isSharedArrayBuffer } = require('node:util').types

const { ConfigurationError } = require('./errors.cjs')
const { wrongType } = require('./options.cjs')

const EXPECTED = 'a Buffer, another view of bytes or a string'
/** From how many units on a text is not left to Buffer.from, which takes short ones out of memory that is there. */
const LONG_TEXT = 4096
const LONGEST_UNIT_BYTES = 3
/** What finds nothing in a text that V8 keeps in one byte a unit, without looking through it. */
const WIDE = /[^\0-\xff]/
const REPLACEMENT = Buffer.from('\ufffd', 'utf8')
const OF_BUFFER = Buffer.prototype
const OF_BYTES = Uint8Array.prototype
const OF_DATA_VIEW = gettersOf(DataView.prototype)
const OF_TYPED_ARRAY = gettersOf(Object.getPrototypeOf(Uint8Array.prototype))
const { keys: keysOf } = Object.getPrototypeOf(Uint8Array.prototype)
const EXPRESS_FIX = "keep express.json() off this route, or put express.raw({ type: '*/*' }) on it first"

/** Returns the bytes of a body without copying them; the UTF-8 of a string; undefined for anything else. */
function bytesOf(body) {
  return ArrayBuffer.isView(body) && isPlain(body) ? steady(body) : bytesOfAny(body)
}

/** Tells whether a view is of a class that says of itself what is so. */
function isPlain(view) {
  const prototype = Object.getPrototypeOf(view)
  return prototype === OF_BUFFER || prototype === OF_BYTES
}

function gettersOf(prototype) {
  return ['buffer', 'byteOffset', 'byteLength'].map(
    (name) => Object.getOwnPropertyDescriptor(prototype, name).get,
  )
}

function bytesOfAny(body) {
  if (typeof body === 'string') return encoded(body)
  if (ArrayBuffer.isView(body)) return steady(viewed(body))
  return isAnyArrayBuffer(body) ? steady(Buffer.from(body)) : undefined
}

/**
 * Encodes a text as UTF-8. A lone surrogate has no such form, and Node writes U+FFFD in its place: another text than
 * the signed one would then have the signed bytes. So it gets bytes that no JSON has.
 */
function encoded(text) {
  if (text.length >= LONG_TEXT) return encodedAtOnce(text)
  return text.isWellFormed() ? Buffer.from(text, 'utf8') : encodedInPieces(text)
}

/** Encodes a long text in one pass: Buffer.from measures it before it writes it, and so takes twice as long. */
function encodedAtOnce(text) {
  if (!WIDE.test(text)) {
    // Only where no unit is wider than a byte: narrowed, another text would have the signed bytes.
    const bytes = Buffer.allocUnsafeSlow(text.length)
    bytes.latin1Write(text)
    return isAscii(bytes) ? bytes : Buffer.from(text, 'utf8')
  }
  const room = Buffer.allocUnsafeSlow(text.length * LONGEST_UNIT_BYTES)
  const bytes = room.subarray(0, room.utf8Write(text))
  return bytes.includes(REPLACEMENT) && !text.isWellFormed() ? encodedInPieces(text) : bytes
}

function encodedInPieces(text) {
  const pieces = text.split(/(\p{Surrogate})/u)
  return Buffer.concat(
    pieces.map((piece, index) => (index % 2 === 0 ? Buffer.from(piece, 'utf8') : surrogate(piece))),
  )
}

function surrogate(piece) {
  const unit = piece.charCodeAt(0)
  return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)])
}

/** Returns a plain view of the bytes of another view, whose class may say anything of its own buffer and length. */
function viewed(view) {
  if (!isDataView(view)) assertInBounds(view)
  const getters = isDataView(view) ? OF_DATA_VIEW : OF_TYPED_ARRAY
  const [buffer, offset, length] = getters.map((get) => Reflect.apply(get, view, []))
  return Buffer.from(buffer, offset, length)
}

/** Returns bytes that cannot change or vanish while they are read. */
function steady(view) {
  const { buffer } = view
  // Not `view.length`, which compiled code of Node 20 may answer with the length from before a transfer.
  return buffer instanceof ArrayBuffer && buffer.byteLength > 0 && !buffer.resizable ? view : steadied(view)
}

/** As steady, for what is rare: apart from it, so that V8 compiles what is not as one piece with what calls it. */
function steadied(view) {
  const { buffer } = view
  // Another thread could change shared memory between the verification and the parsing.
  if (isSharedArrayBuffer(buffer)) return Buffer.from(view)
  if (!buffer.resizable) return present(view)
  // Resized, memory takes bytes away from the views of it, or all of them.
  assertInBounds(view)
  return Buffer.from(view)
}

/**
 * Returns a view of memory that is still there.
 *
 * Memory that was transferred elsewhere has no length. An empty body is a valid request to some providers, so that must
 * not pass for one.
 */
function present(view) {
  if (view.buffer.byteLength === 0) assertInBounds(view)
  return view
}

/** Refuses a view that has lost its memory, or the part of it that it is of: it would have no length either. */
function assertInBounds(view) {
  try {
    Reflect.apply(keysOf, view, [])
  } catch {
    throw new TypeError('the body is detached: its memory was transferred, or resized to less than the body')
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

module.exports = { alreadyParsed, bytesOf, isParsed, present, wrongBody }
