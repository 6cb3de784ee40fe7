'use strict'

const { Delivery } = require('./delivery.cjs')
const { ConfigurationError, HookproofError, KeysUnavailableError, PayloadError } = require('./errors.cjs')
const { Hooks } = require('./hooks.cjs')
const native = require('./native.cjs')
const options = require('./options.cjs')
const { RetryPolicy } = require('./retry-policy.cjs')
const { MemoryStore } = require('./store.cjs')
const { Verifier } = require('./verifier.cjs')

const RECEIVER_OPTIONS = [
  'store',
  'maxBody',
  'leaseSeconds',
  'retentionSeconds',
  'onReject',
  'onDuplicate',
  'onError',
  'onHandshake',
]
const DEFAULT_MAX_BODY = 1024 * 1024
const DEFAULT_LEASE_SECONDS = 60
const LEAST_RETENTION_SECONDS = 3 * 24 * 60 * 60

class Receiver {
  #verifier
  #leaseSeconds

  constructor(verifier, given) {
    if (!(verifier instanceof Verifier)) throw options.wrongType('the verifier', verifier, 'a Verifier')
    const known = options.optionsOf('Receiver', given, RECEIVER_OPTIONS)
    this.#verifier = verifier
    this.store = storeOf(known.store)
    this.maxBody = options.whole('the option maxBody', known.maxBody) ?? DEFAULT_MAX_BODY
    this.#leaseSeconds =
      options.seconds('the option leaseSeconds', known.leaseSeconds) ?? DEFAULT_LEASE_SECONDS
    this.retentionSeconds =
      options.seconds('the option retentionSeconds', known.retentionSeconds) ?? retention(verifier.provider)
    this.hooks = new Hooks(known)
  }

  get verifier() {
    return this.#verifier
  }

  /** Answers one request; it never rejects for what a request does. */
  async receive(body, headers, handler, request) {
    if (typeof handler !== 'function') throw options.wrongType('the handler', handler, 'a function')
    const delivery = await this.begin(body, headers, request)
    if (delivery.reply) return delivery.reply
    try {
      await handler(delivery.event)
    } catch (error) {
      return delivery.fail(error)
    }
    return delivery.complete()
  }

  /** Verifies and claims: the first half of `receive`, for adapters whose handler runs elsewhere. */
  async begin(body, headers, request) {
    let event
    try {
      this.#checkSize(body)
      const { answersUnsigned } = this.#verifier
      const handshake = answersUnsigned ? this.#verifier.handshake(body, headers, request) : null
      if (handshake) return this.#greeted(handshake)
      event = await this.#verifier.verifyAsync(body, headers, request)
    } catch (error) {
      if (error instanceof HookproofError) return this.refuse(error)
      throw error
    }
    if (event.handshake) return this.#greeted(event.handshake)
    if (event.isPing) return this.#answered('ping')
    // Only now, for what is authentic: a forged request must neither fill the store nor mark an id as seen.
    return this.#claimed(event)
  }

  /** Answers a request that cannot be an event, for it is no POST: a handshake, or a method that is not allowed. */
  async greet(headers, request) {
    try {
      const { answersUnsigned } = this.#verifier
      const handshake = answersUnsigned ? this.#verifier.handshake('', headers, request) : null
      return handshake ? this.#greeted(handshake) : this.#answered('method_not_allowed')
    } catch (error) {
      if (error instanceof HookproofError) return this.refuse(error)
      throw error
    }
  }

  /** Answers a request that an error ended before there was an event. */
  refuse(error) {
    const isOurs = error instanceof ConfigurationError || error instanceof KeysUnavailableError
    if (isOurs) this.hooks.failed(error, null)
    else this.hooks.rejected(error)
    return this.#answered(native.outcomeOf(error.code))
  }

  /** Makes the error for a body over the limit, of which an adapter may know no more than that it is. */
  tooLarge(found) {
    return new PayloadError('body_too_large', `the body has ${found} bytes, and the limit is ${this.maxBody}`)
  }

  /** Returns the provider's reply. */
  reply(outcome) {
    return this.#verifier.provider.reply(outcome)
  }

  async #greeted(handshake) {
    try {
      await this.hooks.greeted(handshake)
    } catch (error) {
      // Confirmed all the same, the provider would sign from now on with a secret that nobody has kept.
      this.hooks.failed(error, null)
      return this.#answered('handler_failed')
    }
    return new Delivery(this, { reply: handshake.reply })
  }

  async #claimed(event) {
    let claim
    try {
      claim = checkedClaim(await this.store.claim(event.idempotencyKey, this.#leaseSeconds))
    } catch (error) {
      // Not accepted without a claim: the sender comes back, and two handlers at once may charge somebody twice.
      this.hooks.failed(error, event)
      return this.#answered('store_unavailable')
    }
    if (claim.state === 'new') return new Delivery(this, { event, owner: claim.owner })
    const outcome = claim.state === 'done' ? 'duplicate' : 'running'
    this.hooks.repeated(event)
    return this.#answered(outcome)
  }

  #checkSize(body) {
    const found = typeof body === 'string' ? Buffer.byteLength(body) : (body?.byteLength ?? 0)
    if (found > this.maxBody) throw this.tooLarge(found)
  }

  #answered(outcome) {
    return new Delivery(this, { reply: this.reply(outcome) })
  }
}

function storeOf(store) {
  if (options.isAbsent(store)) return new MemoryStore()
  for (const method of ['claim', 'complete', 'release']) {
    if (typeof store[method] !== 'function')
      throw options.wrongType(`${method} of the store`, store[method], 'a function')
  }
  return store
}

function checkedClaim(claim) {
  if (['new', 'running', 'done'].includes(claim?.state)) return claim
  throw new TypeError('the store answered a claim with another state than new, running or done')
}

/** Remembers for twice the time in which the provider may come back, so that a late retry is not taken for new. */
function retention(provider) {
  let span = 0
  try {
    span = RetryPolicy.of(provider).longestSpanMs / 1000
  } catch (error) {
    // A provider without a plan is none that the receiver has to fail for.
    if (!(error instanceof ConfigurationError)) throw error
  }
  return Math.max(2 * span, LEAST_RETENTION_SECONDS)
}

module.exports = { Receiver, RECEIVER_OPTIONS }
