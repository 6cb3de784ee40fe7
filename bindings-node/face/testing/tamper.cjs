'use strict'

// Changes a signed request as an attacker would, so that a receiver has to refuse it.

/** Returns another body: the last digit or letter is changed, and what was JSON stays JSON. */
function otherBody(body) {
  // A parser must not be what refuses it: that would test nothing of the signature.
  const isJson = parses(body)
  for (let index = body.length - 1; index >= 0; index--) {
    if (!isPlain(body[index])) continue
    const changed = Buffer.from(body)
    changed[index] = other(body[index])
    if (!isJson || parses(changed)) return changed
  }
  return Buffer.concat([body, Buffer.from(' ')])
}

/** Returns another proof: a letter in the middle of its last part, for the end of base64 may hold bits without meaning. */
function otherProof(value) {
  const bytes = Buffer.from(value)
  const start = Math.max(...['.', ' ', '=', ','].map((mark) => bytes.subarray(0, -2).lastIndexOf(mark))) + 1
  const middle = Math.floor((start + bytes.length) / 2)
  bytes[middle] = other(bytes[middle])
  return bytes.toString()
}

/** Tells whether a header is one that proves something. */
function isProof(name) {
  return /^authorization$|signature|token|hmac|digest/i.test(name)
}

function parses(body) {
  try {
    JSON.parse(body.toString())
    return true
  } catch {
    return false
  }
}

/** Tells whether a byte is an ASCII letter or digit. */
function isPlain(byte) {
  return /[0-9A-Za-z]/.test(String.fromCharCode(byte))
}

function other(byte) {
  const letter = String.fromCharCode(byte)
  const changed = /[0-9]/.test(letter) ? (letter === '0' ? '1' : '0') : /a/i.test(letter) ? 'b' : 'a'
  return changed.charCodeAt(0)
}

module.exports = { isProof, otherBody, otherProof }
