// The signed requests of hookproof/testing: good ones are accepted, and each variant is refused for its own reason.
import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import { ConfigurationError, MemoryStore, Provider, Receiver, Verifier } from 'hookproof'
import { generateKeys, SignedRequest, signedRequest } from 'hookproof/testing'

import { SECRET } from './support/senders.mjs'

const STANDARD_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const SIGN = new URL('../vectors/sign/', import.meta.url)

const fourvenues = (given) => signedRequest('fourvenues', { secret: SECRET, ...given })
const eventsair = (given) => signedRequest('eventsair', { secret: STANDARD_SECRET, ...given })

/** Returns the code with which a verifier refuses a request; null where it accepts it. */
function refusal(verifier, { body, headers, method, url }) {
  try {
    verifier.verify(body, headers, { method, url })
    return null
  } catch (error) {
    return error.code
  }
}

describe('a signed request', () => {
  const verifier = new Verifier('fourvenues', { secret: SECRET })

  it('is the first sample, unless another one is asked for', () => {
    const first = fourvenues()
    assert.equal(verifier.verify(first.body, first.headers).type, 'payment.success')
    const { body, headers, type } = fourvenues({ event: 'ticket.request_refund' })
    assert.equal(type, 'ticket.request_refund')
    assert.equal(verifier.verify(body, headers).data.currency, 'EUR')
  })

  it('is a delivery of its own, or one of a given id', () => {
    assert.notEqual(fourvenues().id, fourvenues().id)
    const { id, body, headers } = fourvenues({ id: 'd1' })
    assert.equal(id, 'd1')
    assert.equal(verifier.verify(body, headers).id, 'd1')
  })

  it('carries the body that it is given, bytes as they are and objects as JSON', () => {
    const text = '{"id": "1", "event":"a.b","payload":{}}'
    for (const body of [text, Buffer.from(text), JSON.parse(text)]) {
      const request = fourvenues({ body, event: 'a.b' })
      const expected = typeof body === 'string' || Buffer.isBuffer(body) ? text : JSON.stringify(body)
      assert.equal(request.body.toString(), expected)
      assert.equal(refusal(verifier, request), null)
    }
  })

  it('says what the provider says in headers', () => {
    const request = signedRequest('fast-events', { secret: SECRET, event: 'scan.created' })
    assert.equal(request.headers['X-FE-Webhook-Topic'], 'scan.created')
    assert.match(request.headers['User-Agent'], /^Fast-Events\//)
    const own = signedRequest('fast-events', {
      secret: SECRET,
      body: '{}',
      event: 'seat.sold',
      attributes: { subscription: '12' },
      headers: { 'X-Trace': '1' },
    })
    assert.equal(own.headers['X-FE-Webhook-Topic'], 'seat.sold')
    assert.equal(own.headers['X-FE-Webhook-ID'], '12')
    assert.equal(own.headers['X-Trace'], '1')
  })

  it('is a ping where the provider sends one', () => {
    const { body, headers } = signedRequest('fast-events', { secret: SECRET, event: 'ping' })
    assert.equal(body.length, 0)
    assert.equal(new Verifier('fast-events', { secret: SECRET }).verify(body, headers).isPing, true)
  })

  it('is signed as a provider of the test does', () => {
    const own = Provider.fromObject({
      name: 'small-crm',
      scheme: {
        signature: {
          from: { header: 'X-Crm-Signature' },
          versions: [{ algorithm: 'hmac-sha256', encoding: 'hex', key: 'text' }],
          content: '{body}',
        },
      },
      event: { id: { json: '/id' }, type: { json: '/kind' } },
    })
    const request = signedRequest(own, { secret: SECRET, body: { id: 1, kind: 'deal.won' } })
    const event = new Verifier(own, { secret: SECRET }).verify(request.body, request.headers)
    assert.equal(event.type, 'deal.won')
  })

  it('cannot be changed', () => {
    const request = fourvenues()
    assert.throws(() => {
      request.headers['X-Webhook-Signature'] = '00'
    }, TypeError)
    assert.throws(() => {
      request.body = Buffer.alloc(0)
    }, TypeError)
  })

  it('says what is wrong with its options', () => {
    const refuses = (code, given) => assert.throws(() => fourvenues(given), { code })
    refuses('invalid_option', { event: 'payment.sucess' })
    refuses('invalid_option', { secrt: 'x' })
    refuses('invalid_secret', { secret: ' ' })
    assert.throws(() => fourvenues({ event: 'payment.sucess' }), /payment\.success, ticket\.request_refund/)
    assert.throws(() => signedRequest('foruvenues', { secret: SECRET }), { code: 'unknown_provider' })
    assert.throws(() => fourvenues({ body: 7 }), TypeError)
    for (const given of [{ headers: ['a'] }, { attributes: 'a' }, { attributes: { delivery: 1 } }])
      assert.throws(() => fourvenues(given), TypeError)
  })
})

describe('a variant of a signed request', () => {
  const verifier = new Verifier('eventsair', { secret: STANDARD_SECRET })

  it('is refused for its own reason', () => {
    const request = eventsair()
    assert.equal(refusal(verifier, request), null)
    assert.equal(refusal(verifier, request.tampered()), 'no_matching_signature')
    assert.equal(refusal(verifier, request.stale()), 'timestamp_too_old')
    assert.equal(refusal(verifier, request.stale(301)), 'timestamp_too_old')
    assert.equal(refusal(verifier, request.stale(290)), null)
    assert.equal(refusal(verifier, request.without('webhook-signature')), 'missing_header')
    const another = `whsec_${Buffer.alloc(24, 7).toString('base64')}`
    assert.equal(refusal(verifier, request.signedWith(another)), 'no_matching_signature')
  })

  it('can be combined with others', () => {
    const both = eventsair().stale().without('Webhook-Id')
    assert.ok(both instanceof SignedRequest)
    assert.equal(refusal(verifier, both), 'missing_header')
    assert.equal(refusal(verifier, eventsair().without('Webhook-Id').stale()), 'missing_header')
  })

  it('leaves the request as it was', () => {
    const request = eventsair()
    request.tampered()
    request.without('Webhook-Id')
    assert.equal(refusal(verifier, request), null)
  })

  it('stays JSON when it is tampered with, so that no parser refuses it', () => {
    for (const body of ['{"a":true}', '{"a":"b"}', '["x\\n"]', '{"a":null}', '[1e3]']) {
      const tampered = fourvenues({ body }).tampered().body
      assert.notEqual(tampered.toString(), body)
      assert.equal(tampered.length, body.length)
      JSON.parse(tampered)
    }
    assert.equal(fourvenues({ body: '' }).tampered().body.length, 1)
  })

  it('is the same delivery when it is a duplicate', async () => {
    for (const request of [eventsair(), signedRequest('fast-events', { secret: SECRET })]) {
      const secret = request.provider.name === 'eventsair' ? STANDARD_SECRET : SECRET
      const receiver = new Receiver(new Verifier(request.provider, { secret }), { store: new MemoryStore() })
      const duplicate = request.duplicate()
      assert.deepEqual(duplicate.body, request.body)
      const outcomes = []
      for (const { body, headers } of [request, duplicate])
        outcomes.push((await receiver.receive(body, headers, () => {})).outcome)
      assert.deepEqual(outcomes, ['accepted', 'duplicate'])
    }
  })

  it('has a new id of the attempt as a duplicate, where the provider gives one', () => {
    const request = signedRequest('fast-events', { secret: SECRET })
    const id = 'X-FE-Webhook-Delivery-ID'
    assert.notEqual(request.duplicate().headers[id], request.headers[id])
  })

  it('is not made where it would test nothing', () => {
    assert.throws(() => fourvenues().stale(), { code: 'invalid_option', message: /signs no time/ })
    assert.throws(() => fourvenues().without('X-Signature'), { code: 'invalid_option' })
  })
})

describe('generated keys', () => {
  it('are those of an issuer of their own', () => {
    const keys = generateKeys()
    const verifier = new Verifier('pitchpoint', keys.verifier)
    const request = signedRequest('pitchpoint', { ...keys.signer, event: 'orders/placed' })
    assert.equal(verifier.verify(request.body, request.headers).type, 'orders/placed')
    assert.equal(refusal(verifier, request.tampered()), 'no_matching_signature')
    assert.equal(refusal(verifier, request.stale()), 'token_expired')
    assert.equal(refusal(verifier, request.signedWith(generateKeys().privateKey)), 'no_matching_signature')
    assert.equal(refusal(verifier, request.without('authorization')), 'missing_header')
  })

  it('are made for an issuer, an audience, a key id and claims', () => {
    const given = { issuer: 'https://idp.example', audience: 'acme', keyId: 'k7', claims: { sub: 'u-1' } }
    const keys = generateKeys(given)
    const { signer, verifier, jwks } = keys
    assert.equal(jwks.keys[0].kid, 'k7')
    for (const [name, value] of Object.entries(given)) assert.deepEqual(keys[name], value)
    const { body, headers } = signedRequest('pitchpoint', signer)
    const { proof } = new Verifier('pitchpoint', { ...verifier, claims: { sub: 'u-1' } }).verify(
      body,
      headers,
    )
    assert.equal(proof.claims.sub, 'u-1')
    const other = signedRequest('pitchpoint', { ...signer, claims: { sub: 'u-2' } })
    assert.equal(
      refusal(new Verifier('pitchpoint', { ...verifier, claims: { sub: 'u-1' } }), other),
      'wrong_claim',
    )
  })

  it('are not made of options that no token can have', () => {
    assert.throws(() => generateKeys({ keyId: '' }), ConfigurationError)
    assert.throws(() => generateKeys({ key: 'a' }), { code: 'invalid_option' })
    assert.throws(() => generateKeys({ issuer: 1 }), TypeError)
  })
})

describe('a signed request of every provider', () => {
  const cases = readdirSync(SIGN).flatMap((file) => {
    const { cases } = JSON.parse(readFileSync(new URL(file, SIGN), 'utf8'))
    const found = cases.find(({ expect, provider }) => expect.headers && typeof provider === 'string')
    return found ? [found] : []
  })

  it('is tried with most of them', () => assert.ok(cases.length > 80, String(cases.length)))

  for (const { provider, secret, message, options } of cases) {
    it(`is accepted as ${provider}'s, and tampered or stale refused`, () => {
      const { method, url, attributes } = message
      const { issuer, audience, key_id: keyId, claims } = options
      const signer = { secret, issuer, audience, keyId, claims }
      const request = signedRequest(provider, { ...signer, method, url, attributes })
      const verifier = new Verifier(provider, { secret: verifyingSecrets(provider, secret), url })
      assert.equal(refusal(verifier, request), null)
      assert.equal(refusal(verifier, request.duplicate()), null)
      assert.notEqual(refusal(verifier, request.tampered()), null)
      const { covers, scheme } = Provider.named(provider).describe()
      if (covers.includes('timestamp') || scheme === 'bearer')
        assert.match(refusal(verifier, request.stale()), /^(timestamp_too_old|token_expired)$/)
      else assert.throws(() => request.stale(), { code: 'invalid_option' })
    })
  }
})

/** Returns what verifies the signatures of a secret: two of the providers sign with a private key. */
function verifyingSecrets(provider, secrets) {
  const encodings = { discord: 'hex', telnyx: 'base64' }
  const encoding = encodings[provider]
  if (encoding === undefined) return secrets
  return secrets.map((secret) => {
    const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
    const seed = Buffer.from(secret, encoding).subarray(0, 32)
    const key = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' })
    return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString(encoding)
  })
}
