'use strict'

const { bytesOf } = require('../body.cjs')
const { PayloadError, VerificationError } = require('../errors.cjs')
const options = require('../options.cjs')
const { Signer } = require('../signer.cjs')
const { Verifier } = require('../verifier.cjs')

const DEFAULT_TOLERANCE = 300
/** Seconds: far beyond every clock, and far from an overflow. */
const EVER = 1e11
const MOST_VERIFIERS = 32

/** The request is not authentic; `code` says why. */
class StripeSignatureVerificationError extends VerificationError {
  constructor(code, message, header, payload) {
    super(code, message)
    this.type = 'StripeSignatureVerificationError'
    this.header = header
    this.payload = payload
  }
}
Object.defineProperty(StripeSignatureVerificationError.prototype, 'name', {
  value: 'StripeSignatureVerificationError',
})

/** The verifiers of the few secrets that a program has: these functions are given one each time. */
const verifiers = new Map()

function verifierFor(secret, tolerance) {
  const key = JSON.stringify([secret, tolerance])
  let verifier = verifiers.get(key)
  if (!verifier) {
    verifier = new Verifier('stripe', { secret, toleranceSeconds: tolerance })
    if (verifiers.size >= MOST_VERIFIERS) verifiers.delete(verifiers.keys().next().value)
    verifiers.set(key, verifier)
  }
  return verifier
}

const signature = {
  EXPECTED_SCHEME: 'v1',
  verifyHeader(payload, header, secret, tolerance, _cryptoProvider, receivedAt) {
    // An array would be several header lines, of which the package takes none.
    if (Array.isArray(header)) throw new TypeError('the header is an array, expected a string or bytes')
    if (payload === undefined || payload === null || payload.length === 0) throw nothing(header, payload)
    // 0 does not check the time, as in the package.
    const verifier = verifierFor(secret, (tolerance ?? DEFAULT_TOLERANCE) || EVER)
    const given = header instanceof Uint8Array ? Buffer.from(header).toString() : header
    const now = typeof receivedAt === 'number' ? Math.floor(receivedAt / 1000) : undefined
    try {
      verifier.verify(payload, given === undefined || given === null ? {} : { 'stripe-signature': given }, {
        now,
      })
    } catch (error) {
      if (error instanceof VerificationError)
        throw new StripeSignatureVerificationError(error.code, error.message, header, payload)
      // A PayloadError is authentic; whether it is an event is for whoever parses it.
      if (!(error instanceof PayloadError)) throw error
    }
    return true
  },
  async verifyHeaderAsync(...given) {
    return signature.verifyHeader(...given)
  },
}

const webhooks = {
  DEFAULT_TOLERANCE,
  signature,
  constructEvent(payload, header, secret, tolerance, ...rest) {
    // Here 0 is the default, as in the package: an event is never taken without a look at its time.
    // Once: shared memory may be another when it is read again.
    const given = typeof payload === 'string' ? payload : (bytesOf(payload) ?? payload)
    signature.verifyHeader(given, header, secret, tolerance || DEFAULT_TOLERANCE, ...rest)
    const event = JSON.parse(typeof given === 'string' ? given : Buffer.from(given).toString())
    if (event?.object === 'v2.core.event')
      throw new Error(
        'this is a thin event notification (v2.core.event), and no event: parse it with the corresponding EventNotification method of stripe',
      )
    return event
  },
  async constructEventAsync(...given) {
    return webhooks.constructEvent(...given)
  },
  generateTestHeaderString({ payload, secret, timestamp, scheme, signature: given }) {
    const now = options.unixSeconds(timestamp || undefined)
    const header = new Signer('stripe', { secret }).sign(payload, { now }).headers['Stripe-Signature']
    const [, computed] = header.split(`,${signature.EXPECTED_SCHEME}=`)
    return `t=${now},${scheme ?? signature.EXPECTED_SCHEME}=${given ?? computed}`
  },
  async generateTestHeaderStringAsync(options) {
    return webhooks.generateTestHeaderString(options)
  },
}

function nothing(header, payload) {
  const message = 'no payload was provided: an empty one is no event'
  return new StripeSignatureVerificationError('no_matching_signature', message, header, payload)
}

module.exports = { StripeSignatureVerificationError, webhooks }
