'use strict'

const { alreadyParsed, bytesOf, isParsed, wrongBody } = require('./body.cjs')
const { requestErrorOf, invalidOption, unwrap } = require('./errors.cjs')
const { eventOf } = require('./event.cjs')
const { handshakeOf } = require('./handshake.cjs')
const { HeaderPicker } = require('./headers.cjs')
const { KeyFetcher } = require('./keys.cjs')
const native = require('./native.cjs')
const options = require('./options.cjs')
const { nativeProvider, Provider } = require('./provider.cjs')
const { Record } = require('./record.cjs')

const VERIFIER_OPTIONS = [
  'secret',
  'keyLabels',
  'toleranceSeconds',
  'issuer',
  'audience',
  'algorithms',
  'requiredClaims',
  'claims',
  'jwks',
  'jwksUri',
  'keys',
  'fetchKeys',
  'fetchTimeoutSeconds',
  'allowInsecureLoopback',
  'acceptReserialized',
  'endpoint',
  'maxBody',
  'url',
  'verifyToken',
]

/** From how many bytes on another thread verifies: about 50 µs of work, which is what the change of threads costs. */
const LARGE_BODY = 64 * 1024

let configuredUrl

class Verifier {
  #native
  #verify
  #verifyApart
  #handshake
  #headers
  #hasOneHeader
  #source
  #provider
  #acceptReserialized
  #answersUnsigned
  #url
  #maxBody
  #keys

  static {
    configuredUrl = (verifier) => verifier.#url
  }

  constructor(provider, given) {
    const made = nativeProvider(provider)
    const checked = checkedOptions(given)
    this.#native = unwrap(native.buildVerifier(made, checked))
    this.#verify = this.#native.bind()
    this.#verifyApart = this.#native.bindApart()
    this.#handshake = this.#native.bindHandshake()
    const names = this.#native.headerNames()
    this.#headers = new HeaderPicker(names)
    this.#hasOneHeader = names.length === 1
    this.#provider = provider instanceof Provider ? provider : new Provider(made)
    this.#source = {
      provider: this.#provider.name,
      idempotencyKey: (id, type, body) => this.#native.idempotencyKey(id, type, body),
    }
    this.#acceptReserialized = checked.acceptReserialized
    this.#answersUnsigned = this.#native.answersUnsigned()
    this.#url = checked.url
    this.#maxBody = checked.maxBody ?? Number.POSITIVE_INFINITY
    const keys = this.#native.remoteKeys()
    this.#keys = keys ? new KeyFetcher(keys) : null
  }

  get provider() {
    return this.#provider
  }

  get answersUnsigned() {
    return this.#answersUnsigned
  }

  verify(body, headers, request) {
    if (this.#keys === null) return this.#verifyAtOnce(body, headers, request)
    const isDue = this.#keys.isDue()
    try {
      const event = this.#verifyAtOnce(body, headers, request)
      if (isDue) this.#keys.start(false)
      return event
    } catch (error) {
      if (!KeyFetcher.lacksKeys(error) || this.#keys.start(true) === null) throw error
    }
    // Now that newer keys are on their way, an unknown one is no longer a reason to refuse the event for good.
    return this.#verifyAtOnce(body, headers, request)
  }

  /** Async, so that a wrong argument too is a rejected promise. */
  async verifyAsync(body, headers, request) {
    const verify = this.#attempt(body, headers, request)
    if (this.#keys === null) return verify()
    const isDue = this.#keys.isDue()
    try {
      const event = await verify()
      if (isDue) this.#keys.start(false)
      return event
    } catch (error) {
      if (!KeyFetcher.lacksKeys(error)) throw error
    }
    await this.#keys.start(true)
    return verify()
  }

  async prewarm() {
    if (this.#keys === null) return
    await this.#keys.start(false)
    this.#keys.require()
  }

  exportKeys() {
    return this.#native.exportKeys() ?? null
  }

  importKeys(keys) {
    if (typeof keys !== 'string') throw options.wrongType('the exported keys', keys, 'a string')
    return unwrap(this.#native.importKeys(keys))
  }

  handshake(body, headers, request) {
    const received = bytesOf(body) ?? this.#written(body)
    const made = unwrap(this.#call(this.#handshake, received, headers, request))
    return made ? handshakeOf(made) : null
  }

  updateKeys(jwks) {
    if (options.isAbsent(jwks)) throw options.wrongType('the key set', jwks, 'an object or JSON text')
    unwrap(this.#native.updateKeys(options.document('the key set', jwks)))
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Verifier(${this.#source.provider})`
  }

  #verifyAtOnce(body, headers, request) {
    const given = bytesOf(body)
    return this.#verifyHere(given ?? this.#written(body), given === undefined, headers, request)
  }

  #verifyHere(received, isWritten, headers, request) {
    return this.#judged(received, isWritten, this.#call(this.#verify, received, headers, request))
  }

  /** Returns a function that verifies: here, or in another thread what would keep the event loop from other work. */
  #attempt(body, headers, request) {
    const given = bytesOf(body)
    const received = given ?? this.#written(body)
    const isWritten = given === undefined
    // What is over the limit is refused before anything is computed, and before it is copied.
    const isTooLarge = received.length > this.#maxBody
    const isSmall = received.length < LARGE_BODY
    if (isTooLarge || (isSmall && this.#keys === null))
      return () => this.#verifyHere(received, isWritten, headers, request)
    // A copy that nobody else holds. Whoever owns the buffer may fill it with another request, or transfer it, while the
    // thread reads: then the handler would get other bytes than those that were verified.
    // The same goes for the time in which keys are fetched.
    const copy = typeof body === 'string' ? received : Buffer.from(received)
    if (isSmall) return () => this.#verifyHere(copy, isWritten, headers, request)
    return async () => {
      const [record, key] = await this.#call(this.#verifyApart, copy, headers, request)
      return this.#judged(copy, isWritten, record, key)
    }
  }

  #judged(received, isWritten, text, idempotencyKey) {
    const record = new Record(text)
    if (record.isError) throw refusal(record)
    return eventOf(this.#source, received, record, isWritten, idempotencyKey)
  }

  /** Writes a parsed body again, where that is asked for: what a receiver is left with behind a parser. */
  #written(body) {
    if (!isParsed(body)) throw wrongBody(body)
    if (!this.#acceptReserialized) throw alreadyParsed()
    return Buffer.from(writtenText(body), 'utf8')
  }

  /** Calls a bound function with a request: most have one header that is read, and no parts that are said of them. */
  #call(bound, received, headers, request) {
    if (request === undefined && this.#hasOneHeader)
      return bound(received, options.unixSeconds(), this.#headers.pickOnly(headers))
    return callWith(
      bound,
      received,
      options.unixSeconds(options.part(request, 'now')),
      this.#headers.pick(headers),
      request,
    )
  }
}

/**
 * Calls a bound function with more. It stands apart because V8 compiles what every request runs through as one piece
 * only as long as that piece is small.
 */
function callWith(bound, received, now, lines, request) {
  const [method, url] = [options.part(request, 'method'), options.part(request, 'url')]
  if (method !== undefined || url !== undefined) {
    return bound(received, now, ...lines, options.text('the method', method), options.text('the URL', url))
  }
  if (lines.length === 3) return bound(received, now, lines[0], lines[1], lines[2])
  return bound(received, now, ...lines)
}

function writtenText(body) {
  try {
    return JSON.stringify(body)
  } catch (error) {
    // JSON.parse reads lists within lists to any depth, and JSON.stringify writes only so many.
    if (!(error instanceof RangeError)) throw error
    throw requestErrorOf(
      'VerificationError',
      'no_matching_signature',
      'the parsed body is nested too deeply to be written again',
    )
  }
}

function refusal(record) {
  return requestErrorOf(record.string(), record.string(), record.string())
}

function checkedOptions(given) {
  const known = options.optionsOf('Verifier', given, VERIFIER_OPTIONS)
  const secrets = options.secrets(known.secret)
  return {
    secrets,
    keyLabels: labels(known.keyLabels, secrets.length),
    toleranceSeconds: options.seconds('the option toleranceSeconds', known.toleranceSeconds),
    issuers: options.texts('the option issuer', known.issuer),
    audiences: options.texts('the option audience', known.audience),
    algorithms: options.texts('the option algorithms', known.algorithms),
    requiredClaims: options.texts('the option requiredClaims', known.requiredClaims),
    claims: options.claims(known.claims),
    jwks: options.document('the option jwks', known.jwks),
    jwksUri: options.text('the option jwksUri', known.jwksUri),
    keys: options.text('the option keys', known.keys),
    fetchKeys: options.isAbsent(known.fetchKeys)
      ? undefined
      : options.flag('the option fetchKeys', known.fetchKeys),
    fetchTimeoutSeconds: options.seconds('the option fetchTimeoutSeconds', known.fetchTimeoutSeconds),
    allowInsecureLoopback: options.flag('the option allowInsecureLoopback', known.allowInsecureLoopback),
    acceptReserialized: options.flag('the option acceptReserialized', known.acceptReserialized),
    endpoint: options.text('the option endpoint', known.endpoint),
    maxBody: options.whole('the option maxBody', known.maxBody),
    url: options.text('the option url', known.url),
    verifyToken: options.text('the option verifyToken', known.verifyToken),
  }
}

function labels(value, count) {
  const found = options.labels('the option keyLabels', value)
  if (found.length > count) {
    throw invalidOption(`the option keyLabels has ${found.length} labels for ${count} secrets`)
  }
  return found
}

module.exports = { configuredUrl, Verifier, VERIFIER_OPTIONS }
