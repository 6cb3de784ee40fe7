'use strict'

const { isAnyArrayBuffer } = require('node:util').types

const { alreadyParsed } = require('./body.cjs')
const { decoderFor, isUnknownCoding, SUPPORTED } = require('./coding.cjs')
const { Delivery } = require('./delivery.cjs')
const { ConfigurationError, HookproofError, KeysUnavailableError, requestErrorOf } = require('./errors.cjs')
const native = require('./native.cjs')
const { wrongType } = require('./options.cjs')
const { describe, greetingParts, partsFor } = require('./request.cjs')
const { Verifier } = require('./verifier.cjs')

/** The reply to a content coding that is not known, whoever sends it (RFC 9110, section 15.5.16). */
const UNSUPPORTED = Object.freeze({
  status: 415,
  headers: { 'Accept-Encoding': SUPPORTED },
  body: '',
  outcome: 'malformed',
})

/**
 * One request on its way through a receiver, up to its reply.
 *
 * An adapter describes the request as `{ method, target, fix }`: the target is path and query, for scheme and host are
 * whatever a sender writes, and the fix is what to change in its framework where the body was consumed.
 */
class Exchange {
  #receiver
  #headers
  #request
  #provider
  #startedAt = performance.now()
  #isReported = false

  constructor(receiver, headers, request) {
    this.#receiver = receiver
    this.#headers = headers
    this.#request = request ?? {}
    this.#provider = receiver.provider
  }

  get receiver() {
    return this.#receiver
  }

  get retentionSeconds() {
    return this.#receiver.retentionOf(this.#provider)
  }

  /** Verifies and claims. `isKept` says that something in front has read the body, and may have decoded it. */
  async begin(body, isKept = false) {
    const { maxBody } = this.#receiver
    let event
    try {
      const size = sizeOf(body)
      if (size > maxBody) return this.tooLarge(size)
      const decode = decoderFor(body, this.#headers, isKept)
      const verifier = await this.#choose()
      if (verifier instanceof Delivery) return verifier
      if (verifier === null) return this.#refuse(unknownSender())
      const parts = partsFor(verifier, this.#request)
      const plain = decode ? await decode(maxBody) : body
      const handshake = verifier.answersUnsigned ? verifier.handshake(plain, this.#headers, parts) : null
      if (handshake) return await this.#greeted(handshake, null)
      event = await verifier.verifyAsync(plain, this.#headers, parts)
    } catch (error) {
      return this.#failed(error)
    }
    if (event.handshake) return this.#greeted(event.handshake, event)
    if (event.isPing) return this.answer('ping', event)
    // Only now, for what is authentic: a forged request must neither fill the store nor mark an id as seen.
    return this.#claimed(event)
  }

  /** Answers a request that cannot be an event, for it is no POST: a handshake, or a method that is not allowed. */
  async greet() {
    if (!this.#receiver.mayGreet) return this.answer('method_not_allowed', null)
    try {
      const verifier = await this.#choose()
      if (verifier instanceof Delivery) return verifier
      const parts = greetingParts(this.#request)
      const handshake = verifier?.answersUnsigned ? verifier.handshake('', this.#headers, parts) : null
      return handshake ? await this.#greeted(handshake, null) : this.answer('method_not_allowed', null)
    } catch (error) {
      return this.#failed(error)
    }
  }

  /** Refuses a body that was not read to its end: more than its least size need not be known. */
  tooLarge(found) {
    const limit = this.#receiver.maxBody
    const message = `the body has ${found} bytes, and the limit is ${limit}`
    return this.#refuse(requestErrorOf('PayloadError', 'body_too_large', message))
  }

  /** Refuses a request whose body was consumed before. */
  consumed() {
    return this.#refuse(alreadyParsed(this.#request.fix))
  }

  /** Ends the exchange with the provider's reply to an outcome. */
  answer(outcome, event) {
    return this.#end(this.#provider.reply(outcome), event)
  }

  #end(reply, event) {
    if (!this.#isReported) {
      this.#isReported = true
      this.#receiver.hooks.ended(reply.outcome, event, performance.now() - this.#startedAt)
    }
    return new Delivery(this, { reply })
  }

  /** Finds the verifier, or null where nobody is known; where the search fails, the request is answered at once. */
  async #choose() {
    const choice = this.#receiver.verifier
    if (choice instanceof Verifier) return choice
    try {
      const verifier = (await choice(describe(this.#headers, this.#request))) ?? null
      if (verifier === null) return null
      if (!(verifier instanceof Verifier))
        throw wrongType('what the function chose', verifier, 'a Verifier or null')
      this.#provider = verifier.provider
      return verifier
    } catch (error) {
      this.#receiver.hooks.failed(error, null)
      // Nobody was found to be a forger: a final refusal would lose the events of a customer while a database is down.
      return this.answer('keys_unavailable', null)
    }
  }

  async #greeted(handshake, event) {
    const { hooks } = this.#receiver
    try {
      await hooks.greeted(handshake)
    } catch (error) {
      // Confirmed all the same, the provider would sign from now on with a secret that nobody has kept.
      hooks.failed(error, null)
      return this.answer('handler_failed', event)
    }
    return this.#end(handshake.reply, event)
  }

  async #claimed(event) {
    const { store, leaseSeconds, hooks } = this.#receiver
    let claim
    try {
      claim = checkedClaim(await store.claim(event.idempotencyKey, leaseSeconds))
    } catch (error) {
      // Not accepted without a claim: the sender comes back, and two handlers at once may charge somebody twice.
      hooks.failed(error, event)
      return this.answer('store_unavailable', event)
    }
    if (claim.state === 'new') return new Delivery(this, { event, owner: claim.owner })
    hooks.repeated(event)
    return this.answer(claim.state === 'done' ? 'duplicate' : 'running', event)
  }

  #failed(error) {
    if (isUnknownCoding(error)) {
      this.#receiver.hooks.rejected(error)
      return this.#end(UNSUPPORTED, null)
    }
    if (error instanceof HookproofError) return this.#refuse(error)
    throw error
  }

  /** Answers a request that an error ended before there was an event. */
  #refuse(error) {
    const { hooks } = this.#receiver
    const { fix } = this.#request
    const isOurs = error instanceof ConfigurationError || error instanceof KeysUnavailableError
    if (!isOurs) hooks.rejected(error)
    else hooks.failed(fix && error.code === 'body_already_parsed' ? alreadyParsed(fix) : error, null)
    return this.answer(native.outcomeOf(error.code), null)
  }
}

/** Tells how many bytes a body has; none where a parser has made it, whose members are the sender's words. */
function sizeOf(body) {
  if (typeof body === 'string') return Buffer.byteLength(body)
  return ArrayBuffer.isView(body) || isAnyArrayBuffer(body) ? body.byteLength : 0
}

function unknownSender() {
  const message = 'no secret is known for this request'
  return requestErrorOf('VerificationError', 'no_matching_signature', message)
}

function checkedClaim(claim) {
  if (['new', 'running', 'done'].includes(claim?.state)) return claim
  throw new TypeError('the store answered a claim with another state than new, running or done')
}

module.exports = { Exchange }
