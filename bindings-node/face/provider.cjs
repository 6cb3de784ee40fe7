'use strict'

const { bytesOf, wrongBody } = require('./body.cjs')
const { unwrap, invalidOption } = require('./errors.cjs')
const { handshakeOf } = require('./handshake.cjs')
const { linesOf, namesOf } = require('./headers.cjs')
const native = require('./native.cjs')
const options = require('./options.cjs')
const { replyOf } = require('./reply.cjs')

const { wrongType } = options

const HANDSHAKE_PARTS = ['method', 'url']

let nativeOf

class Provider {
  #native
  #name
  /** The replies that were asked for: each request asks for one, they are frozen, and there are a few outcomes. */
  #replies

  static {
    nativeOf = (provider) => provider.#native
  }

  /** Takes what the native module made; `named`, `fromJson` and `fromObject` are the ways to get one. */
  constructor(made) {
    if (!(made instanceof native.Provider))
      throw new TypeError('a Provider is made by named, fromJson or fromObject')
    this.#native = made
  }

  static named(name) {
    if (typeof name !== 'string') throw wrongType('the name of the provider', name, 'a string')
    return new Provider(unwrap(native.providerNamed(name)))
  }

  static fromJson(text) {
    if (typeof text !== 'string') throw wrongType('the provider', text, 'JSON text')
    return new Provider(unwrap(native.providerFromJson(text)))
  }

  static fromObject(object) {
    if (typeof object !== 'object' || object === null) throw wrongType('the provider', object, 'an object')
    return Provider.fromJson(JSON.stringify(object))
  }

  static names() {
    return native.providerNames()
  }

  static detect(headers) {
    return native.providerDetect(namesOf(headers))
  }

  get name() {
    this.#name ??= this.#native.name()
    return this.#name
  }

  get title() {
    return this.#native.title()
  }

  get docs() {
    return Object.freeze(this.#native.docs())
  }

  get evidence() {
    return this.#native.evidence() ?? null
  }

  get assumed() {
    return Object.freeze(this.#native.assumed())
  }

  describe() {
    return JSON.parse(this.#native.describe())
  }

  samples() {
    return this.#native.samples()
  }

  handshake(body, headers, request) {
    const bytes = bytesOf(body)
    if (bytes === undefined) throw wrongBody(body)
    const parts = options.optionsOf('handshake', request, HANDSHAKE_PARTS)
    const method = options.text('the method', parts.method)
    const url = options.text('the URL', parts.url)
    const lines = linesOf(headers, this.describe().headers)
    const made = unwrap(this.#native.handshake(bytes, lines, method, url))
    return made ? handshakeOf(made) : null
  }

  reply(outcome) {
    if (typeof outcome !== 'string') throw wrongType('the outcome', outcome, 'a string')
    const known = this.#replies?.get(outcome)
    if (known) return known
    const made = this.#native.reply(outcome)
    if (!made) throw unknownOutcome(outcome)
    const reply = replyOf(outcome, made)
    // Made at the first use: of many thousand customers few are heard of.
    this.#replies ??= new Map()
    this.#replies.set(outcome, reply)
    return reply
  }

  toObject() {
    return JSON.parse(this.toJson())
  }

  toJson() {
    return this.#native.toJson()
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Provider(${this.name})`
  }
}

function unknownOutcome(outcome) {
  const known = native.outcomeNames().join(', ')
  return invalidOption(`there is no outcome ${JSON.stringify(outcome)}, expected one of ${known}`)
}

/** Returns the native provider of a name or a Provider. */
function nativeProvider(provider) {
  if (typeof provider === 'string') return unwrap(native.providerNamed(provider))
  if (provider instanceof Provider) return nativeOf(provider)
  throw wrongType('the provider', provider, 'a name or a Provider')
}

module.exports = { Provider, nativeProvider }
