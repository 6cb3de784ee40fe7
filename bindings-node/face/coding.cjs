'use strict'

// Undoes a body's Content-Encoding: senders sign what they hand to their HTTP client, which compresses afterwards.

const { promisify } = require('node:util')
const zlib = require('node:zlib')

const { bytesOf } = require('./body.cjs')
const { requestErrorOf } = require('./errors.cjs')
const { HeaderPicker } = require('./headers.cjs')

const SUPPORTED = 'gzip, deflate, br'

const gunzip = promisify(zlib.gunzip)
const inflate = promisify(zlib.inflate)
const inflateRaw = promisify(zlib.inflateRaw)
const DECODERS = {
  gzip: gunzip,
  'x-gzip': gunzip,
  // Meant is the zlib format (RFC 1950), but some send bare deflate (RFC 1951).
  deflate: (bytes, options) => (hasZlibHead(bytes) ? inflate : inflateRaw)(bytes, options),
  br: promisify(zlib.brotliDecompress),
}

const unknown = new WeakSet()
const picker = new HeaderPicker(['content-encoding'])

/**
 * Returns the function that undoes the content coding of a body, within a limit; undefined where there is none to undo.
 *
 * Where something in front has read the body (`isKept`), it may have decoded it and left the header: then only what
 * still looks like gzip is decoded.
 */
function decoderFor(body, headers, isKept) {
  const coding = codingOf(headers)
  // A text is decoded, and so is what a parser has made.
  const bytes = coding === '' || typeof body === 'string' ? undefined : bytesOf(body)
  if (bytes === undefined || (isKept && !isGzip(bytes))) return undefined
  // Not a list of codings: each would multiply the work that a small request makes.
  if (!Object.hasOwn(DECODERS, coding)) throw unknownCoding(coding)
  // A ping without a body: some clients name their coding all the same.
  if (bytes.length === 0) return undefined
  return (limit) => decoded(bytes, coding, limit)
}

async function decoded(bytes, coding, limit) {
  try {
    // Off the event loop, and bounded while it is written: a few kilobytes can be the start of gigabytes.
    const { buffer, engine } = await DECODERS[coding](bytes, {
      maxOutputLength: Math.max(limit, 1),
      info: true,
    })
    if (engine.bytesWritten === bytes.length) return buffer
  } catch (error) {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit)
  }
  // Cut off, of another form, or with something behind its end that was not decoded.
  throw broken(coding)
}

/** Returns the coding in lower case, the empty text for none. Several lines are a list, as several words are. */
function codingOf(headers) {
  const [lines] = picker.pick(headers)
  const coding = [lines ?? []].flat().join(', ').trim().toLowerCase()
  return coding === 'identity' ? '' : coding
}

function isGzip(bytes) {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

function hasZlibHead([first, second]) {
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0
}

/** Tells whether an error is about a coding that is not known: that has a status of its own. */
function isUnknownCoding(error) {
  return unknown.has(error)
}

function unknownCoding(coding) {
  const shown = JSON.stringify(coding.slice(0, 40))
  const message = `the header Content-Encoding names ${shown}, expected one coding of ${SUPPORTED}`
  const error = requestErrorOf('VerificationError', 'malformed_header', message)
  unknown.add(error)
  return error
}

function tooLarge(limit) {
  const message = `the decoded body has more bytes than the limit of ${limit}`
  return requestErrorOf('PayloadError', 'body_too_large', message)
}

function broken(coding) {
  const message = `the body is not in the coding ${coding}, which the header Content-Encoding names`
  return requestErrorOf('PayloadError', 'malformed_body', message)
}

module.exports = { decoderFor, isUnknownCoding, SUPPORTED }
