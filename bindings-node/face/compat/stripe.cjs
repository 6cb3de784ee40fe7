'use strict'

const { PayloadError, VerificationError } = require('../errors.cjs')
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
  constructEvent(payload, ...given) {
    signature.verifyHeader(payload, ...given)
    return JSON.parse(payload instanceof Uint8Array ? Buffer.from(payload).toString() : payload)
  },
  async constructEventAsync(...given) {
    return webhooks.constructEvent(...given)
  },
  generateTestHeaderString({ payload, secret, timestamp }) {
    const now = timestamp ? Math.floor(timestamp) : undefined
    return new Signer('stripe', { secret }).sign(payload, { now }).headers['Stripe-Signature']
  },
  async generateTestHeaderStringAsync(options) {
    return webhooks.generateTestHeaderString(options)
  },
}

module.exports = { StripeSignatureVerificationError, webhooks }
