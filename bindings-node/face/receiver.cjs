'use strict'

const { ConfigurationError } = require('./errors.cjs')
const { Exchange } = require('./exchange.cjs')
const { Hooks } = require('./hooks.cjs')
const options = require('./options.cjs')
const { Provider } = require('./provider.cjs')
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
  'onOutcome',
]
/** Of a receiver that has no verifier but chooses one. */
const CHOICE_OPTIONS = ['replies']
const DEFAULT_MAX_BODY = 1024 * 1024
const DEFAULT_LEASE_SECONDS = 60
const LEAST_RETENTION_SECONDS = 3 * 24 * 60 * 60
/** Whose replies are the usual ones. */
const USUAL_PROVIDER = 'standard-webhooks'

class Receiver {
  #verifier
  #retentionSeconds
  #retentions = new Map()

  constructor(verifier, given) {
    const isChoice = typeof verifier === 'function'
    if (!isChoice && !(verifier instanceof Verifier))
      throw options.wrongType('the verifier', verifier, 'a Verifier, or a function that chooses one')
    const known = options.optionsOf('Receiver', given, [
      ...RECEIVER_OPTIONS,
      ...(isChoice ? CHOICE_OPTIONS : []),
    ])
    this.#verifier = verifier
    this.provider = isChoice ? providerOf(known.replies) : verifier.provider
    this.mayGreet = isChoice
      ? options.isAbsent(known.replies) || greets(this.provider)
      : verifier.answersUnsigned
    this.store = storeOf(known.store)
    this.maxBody = options.whole('the option maxBody', known.maxBody) ?? DEFAULT_MAX_BODY
    this.leaseSeconds =
      options.seconds('the option leaseSeconds', known.leaseSeconds) ?? DEFAULT_LEASE_SECONDS
    this.#retentionSeconds = options.seconds('the option retentionSeconds', known.retentionSeconds)
    this.hooks = new Hooks(known)
  }

  get verifier() {
    return this.#verifier
  }

  /** Answers one request; it never rejects for what a request does. */
  async receive(body, headers, handler, request) {
    const handle = options.handler(handler)
    const delivery = await this.open(headers, request).begin(body)
    if (delivery.reply) return delivery.reply
    try {
      await handle(delivery.event)
    } catch (error) {
      return delivery.fail(error)
    }
    return delivery.complete()
  }

  /** Opens the exchange of one request: the parts of `receive`, for adapters whose handler runs elsewhere. */
  open(headers, request) {
    return new Exchange(this, headers, request)
  }

  /** Returns how long a delivery that is done is remembered: it depends on the provider where a function chooses. */
  retentionOf(provider) {
    if (this.#retentionSeconds !== undefined) return this.#retentionSeconds
    const { name } = provider
    if (!this.#retentions.has(name)) this.#retentions.set(name, retention(provider))
    return this.#retentions.get(name)
  }
}

function providerOf(provider) {
  if (provider instanceof Provider) return provider
  return Provider.named(options.isAbsent(provider) ? USUAL_PROVIDER : provider)
}

/** Tells whether a provider has handshakes: only then a request that is no POST is worth a lookup. */
function greets(provider) {
  return provider.describe().handshakes.length > 0
}

function storeOf(store) {
  if (options.isAbsent(store)) return new MemoryStore()
  for (const method of ['claim', 'complete', 'release']) {
    if (typeof store[method] !== 'function')
      throw options.wrongType(`${method} of the store`, store[method], 'a function')
  }
  return store
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

module.exports = { Receiver, RECEIVER_OPTIONS, CHOICE_OPTIONS }
