'use strict'

const { unwrap, invalidOption } = require('./errors.cjs')
const native = require('./native.cjs')
const options = require('./options.cjs')
const { nativeProvider } = require('./provider.cjs')

const MOST_ATTEMPTS = 0xffff_ffff
const MOST_STATUS = 0xffff
const ATTEMPT_PARTS = ['attempt', 'status', 'retryAfter', 'now', 'seed']

const INTERNAL = Symbol('policy')

let nativePolicy

class RetryPolicy {
  #native

  static {
    nativePolicy = (policy) => {
      if (!(policy instanceof RetryPolicy)) throw options.wrongType('the policy', policy, 'a RetryPolicy')
      return policy.#native
    }
  }

  constructor(key, made) {
    if (key !== INTERNAL) throw new TypeError('a RetryPolicy is made by RetryPolicy.of')
    this.#native = made
  }

  static of(provider) {
    return new RetryPolicy(INTERNAL, unwrap(nativeProvider(provider).retryPolicy()))
  }

  static fromObject(plan) {
    const text = options.document('the retry plan', plan)
    if (text === undefined) throw options.wrongType('the retry plan', plan, 'an object')
    return new RetryPolicy(INTERNAL, unwrap(native.retryPolicyFromJson(text)))
  }

  get retries() {
    return this.#native.retries()
  }

  delayMs(retry, given) {
    return milliseconds(this.#native.delay(retryNumber(retry), seedIn('delayMs', given)))
  }

  baseDelayMs(retry) {
    return milliseconds(this.#native.baseDelay(retryNumber(retry)))
  }

  scheduleMs(given) {
    return this.#native.schedule(seedIn('scheduleMs', given)).map(milliseconds)
  }

  get longestSpanMs() {
    return milliseconds(this.#native.longestSpan())
  }

  next(given) {
    const known = options.optionsOf('next', given, ATTEMPT_PARTS)
    const attempt = options.whole('the attempt', known.attempt, MOST_ATTEMPTS)
    if (attempt === undefined)
      throw options.wrongType('the attempt', known.attempt, 'a number, 1 after the first delivery')
    const made = this.#native.next(
      attempt,
      options.whole('the status', known.status, MOST_STATUS),
      options.text('retryAfter', known.retryAfter),
      options.unixSeconds(known.now),
      seedOf(known.seed),
    )
    return decisionOf(made)
  }
}

function decisionOf({ action, delayMicroseconds, throttle }) {
  return Object.freeze({ action, delayMs: milliseconds(delayMicroseconds), throttle })
}

function retryNumber(value) {
  const retry = options.whole('the number of the retry', value, MOST_ATTEMPTS)
  if (retry === undefined)
    throw options.wrongType('the number of the retry', value, 'a number, 1 for the first')
  return retry
}

function seedIn(owner, given) {
  return seedOf(options.optionsOf(owner, given, ['seed']).seed)
}

/** Reads a seed as 64 bits. A random one by default: with a constant one all deliveries come back at the same time. */
function seedOf(value) {
  // Loaded at the first use: a start that only verifies does not wait for it.
  if (options.isAbsent(value)) return require('node:crypto').randomBytes(8).readBigUInt64LE()
  if (typeof value === 'bigint') {
    if (value < 0n || value >= 1n << 64n) throw invalidOption(`the seed is ${value}, expected 0 to 2^64 - 1`)
    return value
  }
  return BigInt(options.whole('the seed', value))
}

function milliseconds(microseconds) {
  return options.isAbsent(microseconds) ? null : microseconds / 1000
}

module.exports = { decisionOf, nativePolicy, RetryPolicy, seedOf, MOST_STATUS }
