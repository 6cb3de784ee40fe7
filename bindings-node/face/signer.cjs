'use strict'

const { bytesOf, wrongBody } = require('./body.cjs')
const { unwrap } = require('./errors.cjs')
const native = require('./native.cjs')
const options = require('./options.cjs')
const { nativeProvider, Provider } = require('./provider.cjs')

const SIGNER_OPTIONS = ['secret', 'issuer', 'audience', 'keyId', 'algorithm', 'lifetimeSeconds', 'claims']
const MESSAGE_PARTS = ['id', 'type', 'now', 'method', 'url', 'attributes']

class Signer {
  #native
  #provider

  constructor(provider, given) {
    const made = nativeProvider(provider)
    const known = options.optionsOf('Signer', given, SIGNER_OPTIONS)
    this.#native = unwrap(
      native.buildSigner(made, {
        secrets: options.secrets(known.secret),
        issuer: options.text('the option issuer', known.issuer),
        audience: options.text('the option audience', known.audience),
        keyId: options.text('the option keyId', known.keyId),
        algorithm: options.text('the option algorithm', known.algorithm),
        lifetimeSeconds: options.seconds('the option lifetimeSeconds', known.lifetimeSeconds),
        claims: options.claims(known.claims),
      }),
    )
    this.#provider = provider instanceof Provider ? provider : new Provider(made)
  }

  get provider() {
    return this.#provider
  }

  sign(body, given) {
    const bytes = bytesOf(body)
    if (bytes === undefined) throw wrongBody(body)
    const parts = options.optionsOf('sign', given, MESSAGE_PARTS)
    const { headers } = unwrap(
      this.#native.sign(bytes, {
        id: options.text('the id', parts.id),
        eventType: options.text('the type', parts.type),
        now: options.unixSeconds(parts.now),
        method: options.text('the method', parts.method),
        url: options.text('the URL', parts.url),
        attributes: attributesOf(parts.attributes),
      }),
    )
    return Object.freeze({ headers: Object.freeze(Object.fromEntries(headers)), body: bytes })
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Signer(${this.#provider.name})`
  }
}

function attributesOf(value) {
  if (options.isAbsent(value)) return []
  if (typeof value !== 'object' || Array.isArray(value))
    throw options.wrongType('the attributes', value, 'an object')
  return Object.entries(value).map(([name, text]) => {
    if (typeof text !== 'string')
      throw options.wrongType(`the attribute ${JSON.stringify(name)}`, text, 'a string')
    return [name, options.text(`the attribute ${JSON.stringify(name)}`, text)]
  })
}

module.exports = { Signer, SIGNER_OPTIONS }
