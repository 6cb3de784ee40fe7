'use strict'

const { unixMillis } = require('./clock.cjs')
const { unwrap } = require('./errors.cjs')
const native = require('./native.cjs')
const options = require('./options.cjs')
const { decisionOf, nativePolicy, seedOf, MOST_STATUS } = require('./retry-policy.cjs')

const DELIVERY_OPTIONS = ['seed', 'now']
const OUTCOME_PARTS = ['status', 'retryAfter', 'now']

const INTERNAL = Symbol('read')

class Delivery {
  #native

  constructor(given, read) {
    if (given === INTERNAL) {
      this.#native = read
      return
    }
    const known = options.optionsOf('Delivery', given, DELIVERY_OPTIONS)
    this.#native = new native.Delivery(seedOf(known.seed), milliseconds(known.now))
  }

  static fromJSON(state) {
    const text = typeof state === 'string' ? state : JSON.stringify(state)
    if (typeof text !== 'string') throw options.wrongType('the state', state, 'a string or an object')
    return new Delivery(INTERNAL, unwrap(native.deliveryFromJson(options.text('the state', text))))
  }

  /** An object, so that JSON.stringify writes the state as it stands. */
  toJSON() {
    return JSON.parse(this.#native.toJson())
  }

  record(policy, given) {
    const known = options.optionsOf('record', given, OUTCOME_PARTS)
    const made = this.#native.record(
      nativePolicy(policy),
      options.whole('the status', known.status, MOST_STATUS),
      options.text('retryAfter', known.retryAfter),
      milliseconds(known.now),
    )
    return decisionOf(unwrap(made))
  }

  get state() {
    return this.#native.progress().state
  }

  get attempts() {
    return this.#native.progress().attempts
  }

  get startedAt() {
    return new Date(this.#native.progress().startedAt)
  }

  get dueAt() {
    const { dueAt } = this.#native.progress()
    return options.isAbsent(dueAt) ? null : new Date(dueAt)
  }

  get lastStatus() {
    return this.#native.progress().lastStatus ?? null
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Delivery(${this.state}, attempts: ${this.attempts})`
  }
}

/** Reads a moment in unix seconds, a fraction included, as milliseconds; the clock's where none is given. */
function milliseconds(now) {
  if (options.isAbsent(now)) return unixMillis()
  options.unixSeconds(now)
  // Rounded: a fraction of a second in binary may lie just below its millisecond.
  return Math.round(now * 1000)
}

module.exports = { Delivery }
