// The stand-ins for other libraries, by the cases that those libraries test themselves with.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'

import { ConfigurationError, VerificationError } from 'hookproof'
import * as standardwebhooks from 'hookproof/compat/standardwebhooks'
import { StripeSignatureVerificationError, webhooks } from 'hookproof/compat/stripe'
import * as svix from 'hookproof/compat/svix'

const SECRET = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const MESSAGE = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const PAYLOAD = '{"test": 2432232314}'
const PARSED = { test: 2432232314 }
const TOLERANCE = 5 * 60

const seconds = () => Math.floor(Date.now() / 1000)

/** Signs as the packages do, by nothing of ours. */
function headers(prefix, timestamp = seconds()) {
  const mac = createHmac('sha256', Buffer.from(SECRET, 'base64')).update(`${MESSAGE}.${timestamp}.${PAYLOAD}`)
  return {
    [`${prefix}-id`]: MESSAGE,
    [`${prefix}-timestamp`]: String(timestamp),
    [`${prefix}-signature`]: `v1,${mac.digest('base64')}`,
  }
}

for (const [prefix, { Webhook, WebhookVerificationError }] of [
  ['webhook', standardwebhooks],
  ['svix', svix],
]) {
  describe(`compat under the headers ${prefix}-…`, () => {
    const refuses = (sent, code) =>
      assert.throws(
        () => new Webhook(SECRET).verify(PAYLOAD, sent),
        (error) =>
          error instanceof WebhookVerificationError &&
          error instanceof VerificationError &&
          error.name === 'WebhookVerificationError' &&
          (code === undefined || error.code === code),
      )

    it('gives the payload of a valid signature', () => {
      assert.deepEqual(new Webhook(SECRET).verify(PAYLOAD, headers(prefix)), PARSED)
      assert.deepEqual(new Webhook(SECRET).verify(Buffer.from(PAYLOAD), headers(prefix)), PARSED)
    })

    it('takes a secret with or without its prefix, or raw', () => {
      assert.deepEqual(new Webhook(`whsec_${SECRET}`).verify(PAYLOAD, headers(prefix)), PARSED)
      const raw = Buffer.from(SECRET, 'base64')
      for (const secret of [raw, new Uint8Array(raw), raw.toString('latin1')]) {
        assert.deepEqual(new Webhook(secret, { format: 'raw' }).verify(PAYLOAD, headers(prefix)), PARSED)
      }
    })

    it('refuses a secret that is none', () => {
      for (const secret of ['', 'whsec_', 'whsec_AAAA', 'not base64']) {
        assert.throws(() => new Webhook(secret), ConfigurationError)
      }
      for (const secret of [undefined, null, 7]) assert.throws(() => new Webhook(secret), TypeError)
    })

    for (const part of ['id', 'timestamp', 'signature']) {
      it(`refuses a request without its ${part}`, () => {
        const { [`${prefix}-${part}`]: _, ...rest } = headers(prefix)
        refuses(rest, 'missing_header')
      })
    }

    it('refuses a timestamp that is none', () => {
      refuses({ ...headers(prefix), [`${prefix}-timestamp`]: 'hello' }, 'malformed_timestamp')
    })

    it('refuses a wrong or partial signature', () => {
      for (const signature of ['v1,dawfeoifkpqwoekfpqoekf', 'v1,', 'v1', '', 'v1,g0hM9SsE']) {
        refuses({ ...headers(prefix), [`${prefix}-signature`]: signature })
      }
    })

    it('refuses an old or a new timestamp', () => {
      refuses(headers(prefix, seconds() - TOLERANCE - 5), 'timestamp_too_old')
      refuses(headers(prefix, seconds() + TOLERANCE + 5), 'timestamp_too_new')
    })

    it('takes one of several signatures', () => {
      const sent = headers(prefix)
      const other = 'Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc='
      sent[`${prefix}-signature`] = `v1,${other} v2,${other} ${sent[`${prefix}-signature`]} `
      assert.deepEqual(new Webhook(SECRET).verify(PAYLOAD, sent), PARSED)
    })

    it('signs as published', () => {
      const made = new Webhook(`whsec_${SECRET}`).sign(MESSAGE, new Date(1614265330 * 1000), PAYLOAD)
      assert.equal(made, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    })

    it('leaves the parsing out when asked, and fails to parse what is no JSON', () => {
      const webhook = new Webhook(SECRET)
      const now = seconds()
      const signature = webhook.sign(MESSAGE, new Date(now * 1000), 'text')
      const sent = { ...headers(prefix, now), [`${prefix}-signature`]: signature }
      assert.equal(webhook.verify('text', sent, { jsonParse: false }), undefined)
      assert.throws(() => webhook.verify('text', sent), SyntaxError)
    })
  })
}

describe('compat/svix', () => {
  it('takes the unbranded headers too', () => {
    assert.deepEqual(new svix.Webhook(SECRET).verify(PAYLOAD, headers('webhook')), PARSED)
  })
})

describe('compat/stripe', () => {
  const secret = 'whsec_test_secret'
  const payload = JSON.stringify({ id: 'evt_test_webhook', object: 'event' }, null, 2)

  /** Signs as the package's tests do, by nothing of ours. */
  function headerOf({ text = payload, timestamp = seconds(), scheme = 'v1' } = {}) {
    const mac = createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex')
    return `t=${timestamp},${scheme}=${mac}`
  }
  const refuses = (code, ...given) =>
    assert.throws(
      () => webhooks.constructEvent(...given),
      (error) =>
        error instanceof StripeSignatureVerificationError &&
        error.type === 'StripeSignatureVerificationError' &&
        (code === undefined || error.code === code),
    )

  it('returns the event', async () => {
    for (const body of [payload, Buffer.from(payload), new TextEncoder().encode(payload)]) {
      assert.equal(webhooks.constructEvent(body, headerOf(), secret).id, 'evt_test_webhook')
      assert.equal((await webhooks.constructEventAsync(body, headerOf(), secret)).id, 'evt_test_webhook')
    }
    assert.equal(webhooks.constructEvent(payload, Buffer.from(headerOf()), secret).id, 'evt_test_webhook')
  })

  it('writes headers for tests', async () => {
    const options = { payload, secret, timestamp: 12345 }
    assert.equal(webhooks.generateTestHeaderString(options), headerOf({ timestamp: 12345 }))
    assert.equal(await webhooks.generateTestHeaderStringAsync(options), headerOf({ timestamp: 12345 }))
    const header = webhooks.generateTestHeaderString({ payload, secret })
    assert.equal(webhooks.constructEvent(payload, header, secret).id, 'evt_test_webhook')
  })

  it('fails to parse what is no JSON', () => {
    const text = '} I am not valid JSON; 123['
    assert.throws(() => webhooks.constructEvent(text, headerOf({ text }), secret), SyntaxError)
  })

  it('refuses a header without a usable signature', () => {
    for (const header of ['bad_header', "I'm not even a real signature header", '', 't=', 't=1,v1=']) {
      refuses(undefined, payload, header, secret)
    }
    for (const header of [null, undefined]) refuses('missing_header', payload, header, secret)
    refuses('malformed_header', payload, headerOf({ scheme: 'v0' }), secret)
  })

  it('refuses another payload or secret', () => {
    refuses('no_matching_signature', `${payload} `, headerOf(), secret)
    refuses('no_matching_signature', payload, headerOf(), 'whsec_other')
  })

  it('says it when the payload was parsed before', () => {
    assert.throws(() => webhooks.constructEvent(JSON.parse(payload), headerOf(), secret), {
      code: 'body_already_parsed',
    })
  })

  it('checks the time, unless told not to, against the clock or a moment', () => {
    const old = headerOf({ timestamp: seconds() - 15 })
    refuses('timestamp_too_old', payload, old, secret, 10)
    assert.equal(webhooks.constructEvent(payload, old, secret, 20).id, 'evt_test_webhook')
    const ancient = headerOf({ timestamp: 12345 })
    assert.ok(webhooks.signature.verifyHeader(payload, ancient, secret, 0))
    // As in the package: an event is never taken without a look at its time.
    refuses('timestamp_too_old', payload, ancient, secret, 0)
    assert.ok(webhooks.signature.verifyHeader(payload, ancient, secret, 10, undefined, 12350_000))
    refuses('timestamp_too_old', payload, ancient, secret, 10, undefined, 12356_000)
  })

  it('takes one of several signatures', async () => {
    const header = `${headerOf()},v1=potato`
    assert.ok(webhooks.signature.verifyHeader(payload, header, secret, 10))
    assert.ok(await webhooks.signature.verifyHeaderAsync(payload, header, secret, 10))
  })

  it('refuses a secret that is none', () => {
    for (const none of ['', ' ', 'whsec_x\n']) {
      assert.throws(() => webhooks.constructEvent(payload, headerOf(), none), { code: 'invalid_secret' })
    }
  })
})
