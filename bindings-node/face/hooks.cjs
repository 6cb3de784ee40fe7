'use strict'

const { ConfigurationError } = require('./errors.cjs')
const { callback } = require('./options.cjs')

/** Whom a receiver tells what happens. What the application's functions do changes no reply to an event. */
class Hooks {
  #onReject
  #onDuplicate
  #onError
  #onHandshake
  #onOutcome

  constructor({ onReject, onDuplicate, onError, onHandshake, onOutcome }) {
    this.#onReject = callback('the option onReject', onReject) ?? logRejection
    this.#onDuplicate = callback('the option onDuplicate', onDuplicate) ?? (() => {})
    this.#onError = callback('the option onError', onError) ?? logErrors()
    this.#onHandshake = callback('the option onHandshake', onHandshake) ?? (() => {})
    this.#onOutcome = callback('the option onOutcome', onOutcome)
  }

  /** Tells of a request that was refused. */
  rejected(error) {
    guard(() => this.#onReject(error))
  }

  /** Tells of a delivery that was handled before or is being handled. */
  repeated(event) {
    guard(() => this.#onDuplicate(event))
  }

  /** Tells of a handshake and waits: unlike the others this one may fail, for it may be what stores a secret. */
  async greeted(handshake) {
    await this.#onHandshake(handshake)
  }

  /** Tells how a request ended, for metrics. */
  ended(outcome, event, milliseconds) {
    const tell = this.#onOutcome
    if (tell) guard(() => tell(outcome, event, milliseconds))
  }

  /** Tells of what is the receiver's own: its handler, its store, its setting. */
  failed(error, event) {
    guard(() => this.#onError(error, event))
  }
}

function logRejection(error) {
  console.warn(`hookproof: refused a request: ${error.message} (${error.code})`)
}

/** Prints errors, those of a wrong setting only once: every request would print the same. */
function logErrors() {
  const printed = new Set()
  return (error) => {
    if (error instanceof ConfigurationError) {
      if (printed.has(error.code)) return
      printed.add(error.code)
    }
    console.error('hookproof: failed on the side of the receiver:', error)
  }
}

/** Runs a function of the application. What it throws, or a promise of its rejects with, must not cost the event. */
function guard(run) {
  const report = (error) => console.error('hookproof: a function that watches the receiver failed:', error)
  try {
    Promise.resolve(run()).catch(report)
  } catch (error) {
    report(error)
  }
}

module.exports = { Hooks }
