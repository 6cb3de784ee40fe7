'use strict'

const { randomUUID } = require('node:crypto')

const { bytesOf, isParsed, wrongBody } = require('../body.cjs')
const { invalidOption, unwrap } = require('../errors.cjs')
const native = require('../native.cjs')
const options = require('../options.cjs')
const { nativeProvider, Provider } = require('../provider.cjs')
const { Signer, SIGNER_OPTIONS } = require('../signer.cjs')
const { isProof, otherBody, otherProof } = require('./tamper.cjs')

const REQUEST_OPTIONS = ['event', 'body', 'id', 'now', 'url', 'method', 'attributes', 'headers']

/** Beyond the tolerance of nearly every provider, and beyond the hour that a token lives. */
const STALE_SECONDS = 8100
const DEFAULT_URL = 'http://localhost/hooks'

/** Makes a request as a provider sends it: a sample of its events, or a body of the test's own. */
function signedRequest(provider, given) {
  const known = options.optionsOf('signedRequest', given, [...REQUEST_OPTIONS, ...SIGNER_OPTIONS])
  const signing = Object.fromEntries(SIGNER_OPTIONS.map((name) => [name, known[name]]))
  const made = provider instanceof Provider ? provider : new Provider(nativeProvider(provider))
  const id = options.text('the id', known.id) ?? randomUUID()
  const sample = sampleOf(made, known, id)
  const attributes = members('the attributes', known.attributes)
  return new SignedRequest({
    provider: made,
    signing,
    id,
    type: sample.type,
    body: options.isAbsent(known.body) ? sample.body : ownBody(known.body),
    // Anew for each delivery: Fast Events gives every attempt an id of its own, which is no id of the event.
    attributes: () => ({ ...sample.attributes(), ...attributes }),
    now: known.now,
    method: options.text('the method', known.method) ?? 'POST',
    url: options.text('the URL', known.url) ?? DEFAULT_URL,
    headers: { 'Content-Type': 'application/json', ...sample.headers },
    added: members('the headers', known.headers),
    removed: [],
    isTampered: false,
  })
}

class SignedRequest {
  #recipe

  /** Takes the recipe that `signedRequest` writes: every variant is signed from a changed one. */
  constructor(recipe) {
    this.#recipe = recipe
    const { provider, signing, id, type, body, now, method, url } = recipe
    const attributes = recipe.attributes()
    const signed = new Signer(provider, signing).sign(body, { id, type, now, method, url, attributes })
    const headers = merged(recipe.headers, signed.headers, recipe.added)
    this.provider = provider
    this.id = id
    this.type = type ?? null
    this.method = method
    this.url = url
    this.body = Buffer.from(signed.body)
    if (recipe.isTampered) this.#tamper(headers)
    for (const name of recipe.removed) delete headers[spelt(headers, name)]
    this.headers = Object.freeze(headers)
    Object.freeze(this)
  }

  tampered() {
    return this.#but({ isTampered: true })
  }

  stale(seconds) {
    const { covers, scheme, title, tolerance_seconds: tolerance } = this.provider.describe()
    if (scheme !== 'bearer' && !covers.includes('timestamp'))
      throw invalidOption(
        `${title} signs no time, so an old request is as good as a new one: only a store tells`,
      )
    const age = options.seconds('the age', seconds) ?? Math.max(STALE_SECONDS, 2 * (tolerance ?? 0))
    return this.#but({ now: this.#now - age })
  }

  signedWith(secret) {
    return this.#but({ signing: { ...this.#recipe.signing, secret } })
  }

  duplicate() {
    return this.#but({})
  }

  without(name) {
    if (typeof name !== 'string') throw options.wrongType('the name of the header', name, 'a string')
    // A misspelt name would leave the request as it was, and the test would be one of nothing.
    if (spelt(this.headers, name) === undefined) throw invalidOption(`the request has no header ${name}`)
    return this.#but({ removed: [...this.#recipe.removed, name] })
  }

  toRequest(url = this.url) {
    const { method, headers, body } = this
    return new Request(url, { method, headers, body: isBodyless(method) ? undefined : body })
  }

  toInject(url = targetOf(this.url)) {
    const { method, headers, body } = this
    return { method, url, headers: { ...headers }, payload: Buffer.from(body) }
  }

  toLambda(target = targetOf(this.url)) {
    const [rawPath, rawQueryString] = [target.split('?')[0], target.split('?').slice(1).join('?')]
    const headers = Object.entries(this.headers).map(([name, value]) => [name.toLowerCase(), value])
    return {
      version: '2.0',
      routeKey: '$default',
      rawPath,
      rawQueryString,
      headers: Object.fromEntries(headers),
      requestContext: { http: { method: this.method, path: rawPath } },
      body: this.body.toString('base64'),
      isBase64Encoded: true,
    }
  }

  applyTo(test) {
    for (const [name, value] of Object.entries(this.headers)) test.set(name, value)
    // Left alone, superagent writes JSON.stringify(buffer): the bytes would be others than those that were signed.
    return test.serialize((body) => body).send(Buffer.from(this.body))
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `SignedRequest(${this.provider.name}, ${this.type ?? 'no type'}, ${this.id})`
  }

  get #now() {
    return options.unixSeconds(this.#recipe.now)
  }

  #but(changed) {
    return new SignedRequest({ ...this.#recipe, ...changed })
  }

  #tamper(headers) {
    const proof = Object.keys(headers).find(isProof)
    if (proof === undefined || this.provider.describe().covers.includes('body'))
      this.body = otherBody(this.body)
    else headers[proof] = otherProof(headers[proof])
  }
}

/** Fills in the sample that was asked for; without a name, the provider's first. */
function sampleOf(provider, { event, body, now }, id) {
  const names = provider.samples()
  const name = options.text('the event', event) ?? names[0]
  const moment = options.unixSeconds(now)
  const fill = () => unwrap(native.sampleMessage(nativeProvider(provider), name, id, randomUUID(), moment))
  const sample = fill()
  if (sample) {
    const headers = sample.userAgent ? { 'User-Agent': sample.userAgent } : {}
    const attributes = () => Object.fromEntries(fill().attributes)
    return { type: sample.eventType, body: sample.body, attributes, headers }
  }
  if (!options.isAbsent(body)) return { type: name, attributes: () => ({}), headers: {} }
  const known = names.join(', ')
  throw invalidOption(
    `${provider.title} has no sample ${JSON.stringify(name)}: give a body, or one of ${known}`,
  )
}

function ownBody(body) {
  const bytes = bytesOf(isParsed(body) ? JSON.stringify(body) : body)
  if (bytes === undefined) throw wrongBody(body)
  return bytes
}

function members(what, given) {
  if (options.isAbsent(given)) return {}
  if (typeof given !== 'object' || Array.isArray(given)) throw options.wrongType(what, given, 'an object')
  return { ...given }
}

/** Merges headers by their name in any case; a later one wins, and so does its spelling. */
function merged(...several) {
  const headers = {}
  for (const [name, value] of several.flatMap(Object.entries)) {
    delete headers[spelt(headers, name)]
    headers[name] = value
  }
  return headers
}

/** Returns how a header is spelt in a request. */
function spelt(headers, name) {
  return Object.keys(headers).find((known) => known.toLowerCase() === name.toLowerCase())
}

function targetOf(url) {
  const { pathname, search } = new URL(url)
  return pathname + search
}

function isBodyless(method) {
  return method === 'GET' || method === 'HEAD'
}

module.exports = { signedRequest, SignedRequest }
