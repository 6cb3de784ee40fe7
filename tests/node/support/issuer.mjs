// An issuer of tokens on a real server, which may be as hostile as it likes, and counts requests.
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'

import { Signer, Verifier } from 'hookproof'

export const BODY = Buffer.from('{"order_id":"12345"}')
export const DISCOVERY = '/.well-known/openid-configuration'
export const JWKS = '/jwks'

const AUDIENCE = 'acme'
const TESTS = new URL('../../', import.meta.url)
const PEM = readFileSync(new URL('vectors/keys/rsa-2048-test-key.pem', TESTS), 'utf8')

/** What a server may do, which the tests of all languages share. */
export const HOSTILE = JSON.parse(readFileSync(new URL('keys/hostile.json', TESTS), 'utf8')).answers

/** A good issuer, until it is told to answer something else. */
class Issuer {
  requests = []
  headers = []
  keyId = 'key-1'
  #answers = new Map()
  #server = createServer((request, response) => this.#serve(request, response))

  async start() {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.origin = `http://127.0.0.1:${this.#server.address().port}`
    return this
  }

  async stop() {
    if (!this.#server.listening) return
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Answers one document so from now on. */
  becomes(answer) {
    this.#answers.set(answer.at === 'discovery' ? DISCOVERY : JWKS, answer)
  }

  /** Makes a verifier whose keys are fetched from here. */
  verifier(options) {
    const given = { issuer: this.origin, audience: AUDIENCE, allowInsecureLoopback: true }
    return new Verifier('pitchpoint', { ...given, ...options })
  }

  /** Signs a request and returns its headers. */
  signed(keyId = 'key-1') {
    const claims = { sub: 'robot', iat: Math.floor(Date.now() / 1000) - 1 }
    const signer = new Signer('pitchpoint', {
      secret: PEM,
      issuer: this.origin,
      audience: AUDIENCE,
      keyId,
      claims,
    })
    return signer.sign(BODY, { id: 'd1', type: 'orders/placed' }).headers
  }

  /** Returns when this many requests have come. */
  async requested(count) {
    while (this.requests.length < count) await pause(5)
  }

  get jwks() {
    const { kty, n, e } = createPublicKey(createPrivateKey(PEM)).export({ format: 'jwk' })
    return { keys: [{ kty, n, e, kid: this.keyId, alg: 'RS256' }] }
  }

  #good(path) {
    const document =
      path === DISCOVERY ? { issuer: this.origin, jwks_uri: this.origin + JWKS } : path === JWKS && this.jwks
    if (!document) return { status: 404, body: '' }
    return { headers: { 'Cache-Control': 'public, max-age=3600' }, body: JSON.stringify(document) }
  }

  async #serve(request, response) {
    this.requests.push(request.url)
    this.headers.push(request.headers)
    const answer = this.#answers.get(request.url) ?? this.#good(request.url)
    if (answer.hangs) return
    if (answer.resets) return request.socket.destroy()
    const filled = (text) => text.replaceAll('{origin}', this.origin)
    const unit = answer.body_base64 ? Buffer.from(answer.body_base64, 'base64') : filled(answer.body)
    const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => [name, filled(value)])
    response.writeHead(answer.status ?? 200, Object.fromEntries(headers))
    if (answer.endless) return endless(response, unit.repeat(1000))
    if (answer.drip_milliseconds) return drip(response, unit, answer)
    response.end(answer.repeat ? unit.repeat(answer.repeat) : unit)
  }
}

/** Sends a text until the other side has heard enough, which is no error of this one. */
function endless(response, text) {
  const texts = (function* () {
    for (;;) yield text
  })()
  return pipeline(Readable.from(texts), response).catch(() => {})
}

async function drip(response, unit, { repeat, drip_milliseconds: milliseconds }) {
  for (let count = 0; count < repeat && !response.destroyed; count++) {
    response.write(unit)
    await pause(milliseconds)
  }
}

/** Starts an issuer that ends with the test. */
export async function issuer(context) {
  const found = await new Issuer().start()
  context.after(() => found.stop())
  return found
}
