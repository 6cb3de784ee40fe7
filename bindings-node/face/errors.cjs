'use strict'

class HookproofError extends Error {
  constructor(code, message, options) {
    super(message, options)
    this.code = code
  }
}

class ConfigurationError extends HookproofError {}
class VerificationError extends HookproofError {}
class PayloadError extends HookproofError {}
class KeysUnavailableError extends HookproofError {}

const CLASSES = { HookproofError, ConfigurationError, VerificationError, PayloadError, KeysUnavailableError }

for (const [name, Class] of Object.entries(CLASSES)) {
  // On the prototype, as the errors of the language have it: the name is no property of each error.
  Object.defineProperty(Class.prototype, 'name', { value: name, configurable: true, writable: true })
}

/** Makes the error of a class, a code and a sentence that the core gave. */
function errorOf(className, code, message) {
  return new CLASSES[className](code, message)
}

/** Makes the last resort for a defect of hookproof: what the defect says of itself may hold anything, and is left out. */
function internalError() {
  return new HookproofError('internal_error', 'hookproof failed inside: please report what it was given')
}

/**
 * Makes the error that a request got, without a stack trace.
 *
 * A trace costs more than the verification and says only where `verify` was called; whoever floods a receiver with
 * forged requests should not be able to make it work harder than honest ones do.
 */
function requestErrorOf(className, code, message) {
  if (className === 'ConfigurationError') return errorOf(className, code, message)
  const { stackTraceLimit } = Error
  try {
    limitTraces(0)
    return errorOf(className, code, message)
  } finally {
    limitTraces(stackTraceLimit)
  }
}

function limitTraces(frames) {
  try {
    Error.stackTraceLimit = frames
  } catch {
    // The objects of the language are frozen: the error has a trace, and costs what it costs.
  }
}

/** Returns what a native call gave, or throws the failure that it gave instead. */
function unwrap(value) {
  if (Array.isArray(value)) throw errorOf(...value)
  return value
}

function invalidOption(message) {
  return new ConfigurationError('invalid_option', message)
}

module.exports = { ...CLASSES, internalError, requestErrorOf, unwrap, invalidOption }
