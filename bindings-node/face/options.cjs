'use strict'

// Reads options and arguments: a wrong type is a TypeError, a wrong value a ConfigurationError.

const { isGeneratorFunction, isUint8Array } = require('node:util').types

const { unixMillis } = require('./clock.cjs')
const { ConfigurationError, invalidOption } = require('./errors.cjs')

/** Says what a value is, without showing it: it may be a secret. */
function kindOf(value) {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? (value.constructor?.name ?? 'an object') : typeof value
}

function wrongType(what, value, expected) {
  return new TypeError(`${what} is ${kindOf(value)}, expected ${expected}`)
}

function isAbsent(value) {
  return value === undefined || value === null
}

/** Returns the own options, all of known names: a misspelt option must not be a check that silently is not made. */
function optionsOf(owner, options, known) {
  if (isAbsent(options)) return { __proto__: null }
  if (typeof options !== 'object' || Array.isArray(options))
    throw wrongType(`the options of ${owner}`, options, 'an object')
  // Without a prototype, so that a polluted one adds no option to those that were given.
  const own = { __proto__: null, ...options }
  for (const name of Object.keys(own)) {
    if (!known.includes(name)) {
      throw invalidOption(
        `${owner} has no option ${JSON.stringify(name)}, expected some of ${known.join(', ')}`,
      )
    }
  }
  return own
}

/** Reads a part of an object that may inherit it, as a Request does, but not from a polluted prototype of all objects. */
function part(object, name) {
  const value = object?.[name]
  if (value === undefined || Object.hasOwn(object, name)) return value
  return Object.is(value, Object.prototype[name]) ? undefined : value
}

function text(what, value) {
  if (isAbsent(value)) return undefined
  if (typeof value !== 'string') throw wrongType(what, value, 'a string')
  return unicode(what, value)
}

/** Refuses a lone surrogate, in the place of which another character would cross into the core. */
function unicode(what, value) {
  if (!value.isWellFormed()) throw invalidOption(`${what} is no Unicode text: it has a lone surrogate`)
  return value
}

function texts(what, value) {
  if (isAbsent(value)) return []
  return (Array.isArray(value) ? value : [value]).map((item) => {
    if (typeof item !== 'string') throw wrongType(what, item, 'a string or an array of strings')
    return unicode(what, item)
  })
}

/** Reads labels: one text, or a list in which null stands for no label. */
function labels(what, value) {
  if (!Array.isArray(value)) return texts(what, value)
  return value.map((item) => text(what, item) ?? null)
}

/** Reads secrets as bytes: those of the text, or those that were given. */
function secrets(value) {
  if (isAbsent(value)) return []
  return (Array.isArray(value) ? value : [value]).map((secret) => {
    if (typeof secret === 'string') return encodedSecret(secret)
    if (isUint8Array(secret)) return Buffer.from(secret)
    throw wrongType('the secret', secret, 'a string, a Uint8Array or an array of them')
  })
}

function encodedSecret(secret) {
  if (secret.isWellFormed()) return Buffer.from(secret, 'utf8')
  throw new ConfigurationError(
    'invalid_secret',
    'the secret is no Unicode text: it has a lone surrogate; give its bytes',
  )
}

function flag(what, value) {
  if (isAbsent(value)) return false
  if (typeof value !== 'boolean') throw wrongType(what, value, 'a boolean')
  return value
}

// What the core's durations can hold.
const LONGEST_SECONDS = 2 ** 64

function seconds(what, value) {
  if (isAbsent(value)) return undefined
  if (typeof value !== 'number') throw wrongType(what, value, 'a number of seconds')
  // NaN compares false with everything, so a check that is written the other way round would let it through.
  if (!(value >= 0 && value < LONGEST_SECONDS)) {
    throw invalidOption(`${what} is ${value}, expected a number of seconds, 0 or more`)
  }
  return value
}

function whole(what, value, most = Number.MAX_SAFE_INTEGER) {
  if (isAbsent(value)) return undefined
  if (typeof value !== 'number') throw wrongType(what, value, 'a number')
  if (!Number.isSafeInteger(value) || value < 0 || value > most) {
    throw invalidOption(`${what} is ${value}, expected a whole number from 0 to ${most}`)
  }
  return value
}

function callback(what, value) {
  if (isAbsent(value)) return undefined
  if (typeof value !== 'function') throw wrongType(what, value, 'a function')
  // Called, it runs nothing: the event would pass for handled.
  if (isGeneratorFunction(value)) throw new TypeError(`${what} is a generator: have no yield in it`)
  return value
}

/** Reads a handler, without which nothing can be received. */
function handler(value) {
  if (isAbsent(value)) throw wrongType('the handler', value, 'a function')
  return callback('the handler', value)
}

/** Reads a moment in unix seconds; the clock's where none is given. */
function unixSeconds(value) {
  return isAbsent(value) ? Math.floor(unixMillis() / 1000) : givenSeconds(value)
}

function givenSeconds(value) {
  if (typeof value !== 'number') throw wrongType('now', value, 'a number of unix seconds')
  const now = Math.floor(value)
  if (!Number.isSafeInteger(now)) throw invalidOption(`now is ${value}, expected unix seconds`)
  return now
}

/** Reads a JSON document that is given as text or as an object. */
function document(what, value) {
  if (isAbsent(value)) return undefined
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || Array.isArray(value))
    throw wrongType(what, value, 'an object or JSON text')
  return JSON.stringify(value)
}

/** Reads an object of claims as pairs of a name and a JSON text. */
function claims(value) {
  if (isAbsent(value)) return []
  if (typeof value !== 'object' || Array.isArray(value))
    throw wrongType('the option claims', value, 'an object')
  return Object.entries(value).map(([name, claim]) => {
    const json = JSON.stringify(claim, exactly)
    // An undefined claim is often a setting that is missing. Left out, the token would not be pinned at all.
    if (json === undefined) throw wrongType(`the claim ${JSON.stringify(name)}`, claim, 'a JSON value')
    return [name, json]
  })
}

/** Refuses what JSON writes as null, and numbers that were rounded: another customer's would be the same one. */
function exactly(_name, value) {
  if (typeof value !== 'number') return value
  if (Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))) return value
  throw invalidOption(`the number ${value} among the claims is not one that JavaScript has exactly`)
}

module.exports = {
  callback,
  claims,
  document,
  flag,
  handler,
  isAbsent,
  labels,
  optionsOf,
  part,
  seconds,
  secrets,
  text,
  texts,
  unixSeconds,
  whole,
  wrongType,
}
