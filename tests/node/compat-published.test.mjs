// What the published test suites of standardwebhooks, svix and stripe check beyond compat.test.mjs, and where ours differs
// from the packages on purpose.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'

import { ConfigurationError } from 'hookproof'
import * as standardwebhooks from 'hookproof/compat/standardwebhooks'
import { StripeSignatureVerificationError, webhooks } from 'hookproof/compat/stripe'
import * as svix from 'hookproof/compat/svix'

const seconds = () => Math.floor(Date.now() / 1000)

describe('the suites of standardwebhooks and svix', () => {
  const secret = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const payload = '{"test": 2432232314}'
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'

  const signed = (prefix, { timestamp = seconds(), text = timestamp } = {}) => {
    const mac = createHmac('sha256', Buffer.from(secret, 'base64')).update(`${id}.${text}.${payload}`)
    return {
      [`${prefix}-id`]: id,
      [`${prefix}-timestamp`]: String(text),
      [`${prefix}-signature`]: `v1,${mac.digest('base64')}`,
    }
  }

  for (const [prefix, { Webhook, WebhookVerificationError }] of [
    ['webhook', standardwebhooks],
    ['svix', svix],
  ]) {
    it(`${prefix}: an empty key is an error`, () => {
      for (const none of ['', undefined, null]) assert.throws(() => new Webhook(none), Error)
      assert.throws(() => new Webhook(Buffer.alloc(32)), { message: /type string/ })
    })

    it(`${prefix}: a partial signature is an error`, () => {
      const sent = signed(prefix)
      sent[`${prefix}-signature`] = sent[`${prefix}-signature`].slice(0, 8)
      assert.throws(() => new Webhook(secret).verify(payload, sent), WebhookVerificationError)
    })

    it(`${prefix}: one of four signatures is enough`, () => {
      const other = 'Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc='
      const sent = signed(prefix)
      const header = `${prefix}-signature`
      sent[header] = [`v1,${other}`, `v2,${other}`, sent[header], `v1,${other}`].join(' ')
      assert.deepEqual(new Webhook(secret).verify(payload, sent), { test: 2432232314 })
    })

    it(`${prefix}: the names of headers may have any case`, () => {
      const sent = Object.entries(signed(prefix)).map(([name, value]) => [name.toUpperCase(), value])
      assert.deepEqual(new Webhook(secret).verify(payload, Object.fromEntries(sent)), { test: 2432232314 })
    })

    it(`${prefix}: a payload that was parsed before is an error`, () => {
      assert.throws(() => new Webhook(secret).verify(JSON.parse(payload), signed(prefix)), Error)
      assert.throws(() => new Webhook(secret).sign(id, new Date(), JSON.parse(payload)), Error)
    })

    it(`${prefix}: stricter, a timestamp is digits alone`, () => {
      // The packages read the digits in front, and sign those: so does this forger.
      const sent = signed(prefix)
      sent[`${prefix}-timestamp`] += 'abc'
      assert.throws(() => new Webhook(secret).verify(payload, sent), { code: 'malformed_timestamp' })
    })

    it(`${prefix}: stricter, a key has the length that the specification says`, () => {
      for (const length of [1, 23, 65])
        assert.throws(() => new Webhook(Buffer.alloc(length, 1).toString('base64')), ConfigurationError)
      for (const length of [24, 64]) assert.ok(new Webhook(Buffer.alloc(length, 1).toString('base64')))
    })
  }

  it('svix: unbranded headers count where the branded ones are not complete', () => {
    const { 'svix-id': _, ...branded } = signed('svix')
    const sent = { ...branded, ...signed('webhook') }
    assert.deepEqual(new svix.Webhook(secret).verify(payload, sent), { test: 2432232314 })
  })
})

describe('the suite of stripe', () => {
  const secret = 'whsec_test_secret'
  const payload = JSON.stringify({ id: 'evt_test_webhook', object: 'event' }, null, 2)
  const header = (given) => webhooks.generateTestHeaderString({ payload, secret, ...given })

  const { signature } = webhooks
  const verifiers = {
    verifyHeader: async (...given) => signature.verifyHeader(...given),
    verifyHeaderAsync: (...given) => signature.verifyHeaderAsync(...given),
  }
  const constructors = {
    constructEvent: async (...given) => webhooks.constructEvent(...given),
    constructEventAsync: (...given) => webhooks.constructEventAsync(...given),
  }
  const refuses = (promise) => assert.rejects(promise, StripeSignatureVerificationError)

  it('a header for tests needs options', async () => {
    assert.throws(() => webhooks.generateTestHeaderString())
    await assert.rejects(webhooks.generateTestHeaderStringAsync())
  })

  it('a header for tests has the time, and the one signature that was computed or given', async () => {
    const timestamp = Number(/^t=(\d+),v1=[0-9a-f]{64}$/.exec(header())[1])
    assert.ok(Math.abs(timestamp - seconds()) <= 1)
    assert.match(header({ timestamp: 1234567890.9 }), /^t=1234567890,v1=/)
    assert.equal(header({ timestamp: 1, scheme: 'v0', signature: 'ab' }), 't=1,v0=ab')
    const later = await webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp: 5 })
    assert.equal(later, header({ timestamp: 5 }))
  })

  for (const [name, construct] of Object.entries(constructors)) {
    it(`${name} takes payload and header as text, Buffer or Uint8Array`, async () => {
      const encoder = new TextEncoder()
      for (const encode of [(text) => text, (text) => Buffer.from(text), (text) => encoder.encode(text)])
        assert.equal((await construct(encode(payload), encode(header()), secret)).id, 'evt_test_webhook')
    })

    it(`${name} refuses a payload that is not there`, async () => {
      for (const none of [null, undefined, '', new Uint8Array()]) {
        await refuses(construct(none, 'bad_header', secret))
        await refuses(construct(none, header({ payload: '' }), secret))
      }
    })

    it(`${name} fails with a header that is an array`, async () => {
      await assert.rejects(construct(payload, [header()], secret), /header is an array/)
    })

    it(`${name} refuses a thin event notification`, async () => {
      const thin = JSON.stringify({ id: 'evt_test_webhook', object: 'v2.core.event' })
      await assert.rejects(
        construct(thin, header({ payload: thin }), secret),
        /corresponding EventNotification/,
      )
    })

    it(`${name} checks the time by default, and takes 0 for the default`, async () => {
      const old = header({ timestamp: seconds() - 400 })
      await refuses(construct(payload, old, secret))
      await refuses(construct(payload, old, secret, 0))
      assert.ok(await construct(payload, header({ timestamp: seconds() - 100 }), secret))
      assert.ok(await construct(payload, old, secret, 500))
    })
  }

  for (const [name, verify] of Object.entries(verifiers)) {
    it(`${name} refuses what the package refuses`, async () => {
      await refuses(verify(payload, "I'm not even a real signature header", secret))
      for (const none of [null, undefined, '']) await refuses(verify(payload, none, secret))
      await refuses(verify(payload, header({ scheme: 'v0' }), secret))
      await refuses(verify(payload, header({ signature: 'bad_signature' }), secret))
      await refuses(verify(payload, header({ timestamp: Date.now() / 1000 - 15 }), secret, 10))
      await refuses(verify(payload, header({ timestamp: 19_985 }), secret, 10, null, 20_000_000))
    })

    it(`${name} takes what the package takes`, async () => {
      const now = header({ timestamp: Date.now() / 1000 })
      assert.equal(await verify(payload, now, secret, 10), true)
      assert.equal(await verify(payload, `${now},v1=potato`, secret, 10), true)
      assert.equal(await verify(Buffer.from(payload), Buffer.from(now), secret, 10), true)
      assert.equal(await verify(payload, now, secret), true)
      assert.equal(await verify(payload, header({ timestamp: 19_991 }), secret, 10, null, 20_000_000), true)
      assert.equal(await verify(payload, header({ timestamp: seconds() - 100 }), secret), true)
      assert.equal(await verify(payload, header({ timestamp: 12345 }), secret, 0), true)
    })

    it(`${name} is stricter without a tolerance: it takes the default`, async () => {
      await refuses(verify(payload, header({ timestamp: 12345 }), secret))
    })

    it(`${name} is stricter with the future: it is refused beyond the tolerance`, async () => {
      await refuses(verify(payload, header({ timestamp: seconds() + 400 }), secret, 300))
    })

    it(`${name} is stricter with a timestamp: it is digits alone`, async () => {
      const now = seconds()
      await refuses(verify(payload, header({ timestamp: now }).replace(`t=${now}`, `t=${now}abc`), secret))
    })

    it(`${name} calls the receiver's own mistakes so: no forgery has made them`, async () => {
      const mistake = (promise, code) =>
        assert.rejects(promise, (error) => error instanceof ConfigurationError && error.code === code)
      await mistake(verify(payload, header(), `${secret} `), 'invalid_secret')
      await mistake(verify(JSON.parse(payload), header(), secret), 'body_already_parsed')
      await assert.rejects(verify(new Date(), header(), secret), TypeError)
    })

    it(`${name} lets no other code decide about a signature`, async () => {
      const fake = {
        computeHMACSignature: () => 'fake',
        computeHMACSignatureAsync: async () => 'fake',
      }
      await refuses(verify(payload, header({ signature: 'fake' }), secret, undefined, fake))
      assert.equal(await verify(payload, header(), secret, undefined, fake), true)
    })
  }
})
