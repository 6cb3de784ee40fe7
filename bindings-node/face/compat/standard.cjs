'use strict'

// What the twins standardwebhooks and svix share: they differ in the headers that they read.

const { bytesOf } = require('../body.cjs')
const { PayloadError, VerificationError } = require('../errors.cjs')
const { Signer } = require('../signer.cjs')
const { Verifier } = require('../verifier.cjs')

const PREFIX = 'whsec_'

/** The request is not authentic; `code` says why. */
class WebhookVerificationError extends VerificationError {}
Object.defineProperty(WebhookVerificationError.prototype, 'name', { value: 'WebhookVerificationError' })

/** Makes the class `Webhook` for the provider whose headers it reads. */
function webhookFor(provider) {
  return class Webhook {
    #verifier
    #signer

    constructor(secret, options) {
      const encoded = encodedSecret(secret, options?.format === 'raw')
      this.#verifier = new Verifier(provider, { secret: encoded })
      this.#signer = new Signer('standard-webhooks', { secret: encoded })
    }

    verify(payload, headers, options) {
      // Once: shared memory may be another when it is read again.
      const given = typeof payload === 'string' ? payload : (bytesOf(payload) ?? payload)
      try {
        this.#verifier.verify(given, headers)
      } catch (error) {
        if (error instanceof VerificationError) throw new WebhookVerificationError(error.code, error.message)
        // A PayloadError is authentic, and only not in the form that the specification recommends.
        if (!(error instanceof PayloadError)) throw error
      }
      const text = typeof given === 'string' ? given : Buffer.from(given).toString()
      return text === '' || options?.jsonParse === false ? undefined : JSON.parse(text)
    }

    sign(id, timestamp, payload) {
      const now = Math.floor(timestamp.getTime() / 1000)
      return this.#signer.sign(payload, { id, now }).headers['Webhook-Signature']
    }
  }
}

/** Writes a secret in the provider's form: raw ones are the key itself, and padding may be missing. */
function encodedSecret(secret, isRaw) {
  if (isRaw) return PREFIX + Buffer.from(secret, 'latin1').toString('base64')
  if (typeof secret !== 'string') throw new TypeError('Expected secret to be of type string')
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret
  return PREFIX + text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

module.exports = { webhookFor, WebhookVerificationError }
