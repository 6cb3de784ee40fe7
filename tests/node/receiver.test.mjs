import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { MemoryStore, Receiver, Signer, Verifier } from 'hookproof'
import { webhook as ofExpress } from 'hookproof/express'
import { webhook as ofFastify } from 'hookproof/fastify'
import { webhook as ofFetch } from 'hookproof/fetch'
import { webhook as ofHttp } from 'hookproof/http'
import { webhook as ofLambda } from 'hookproof/lambda'

import { SECRET, sign, TEXT } from './support/senders.mjs'

const verifier = new Verifier('fourvenues', { secret: SECRET })
const { body, headers } = sign()

/** A receiver that remembers what it was told, and a handler that remembers what it got. */
function watched(options, of = verifier) {
  const seen = { handled: [], rejected: [], repeated: [], failed: [] }
  const receiver = new Receiver(of, {
    onReject: (error) => seen.rejected.push(error.code),
    onDuplicate: (event) => seen.repeated.push(event.id),
    onError: (error, event) => seen.failed.push([error.code ?? error.message, event?.id ?? null]),
    ...options,
  })
  const handler = (event) => {
    seen.handled.push(event.id)
  }
  return { receiver, handler, seen }
}

it('a handler that is a generator is refused: called, it runs nothing, and the event would pass for handled', async () => {
  const generators = [
    function* () {
      yield
    },
    async function* () {
      yield
    },
  ]
  for (const handler of generators) {
    await assert.rejects(new Receiver(verifier).receive(body, headers, handler), TypeError)
    for (const webhook of [ofExpress, ofFastify, ofFetch, ofHttp, ofLambda]) {
      assert.throws(() => webhook('fourvenues', { secret: SECRET }, handler), TypeError)
    }
    assert.throws(() => new Receiver(verifier, { onHandshake: handler }), TypeError)
  }
})

describe('a receiver', () => {
  it('hands over what is new, once', async () => {
    const { receiver, handler, seen } = watched()
    assert.deepEqual(await receiver.receive(body, headers, handler), {
      status: 200,
      headers: {},
      body: '',
      outcome: 'accepted',
    })
    assert.equal((await receiver.receive(body, headers, handler)).outcome, 'duplicate')
    assert.deepEqual(seen, { handled: ['5f7b'], rejected: [], repeated: ['5f7b'], failed: [] })
  })

  it('hands over two events', async () => {
    const { receiver, handler, seen } = watched()
    const other = sign(TEXT.replace('5f7b', 'other'))
    await receiver.receive(body, headers, handler)
    await receiver.receive(other.body, other.headers, handler)
    assert.deepEqual(seen.handled, ['5f7b', 'other'])
  })

  it('refuses a forged request without marking its id as seen', async () => {
    const store = new MemoryStore()
    const { receiver, handler, seen } = watched({ store })
    const forged = sign(TEXT, 'another secret')
    const reply = await receiver.receive(forged.body, forged.headers, handler)
    assert.deepEqual([reply.status, reply.outcome, store.size], [403, 'not_authentic', 0])
    assert.deepEqual([seen.handled, seen.rejected], [[], ['no_matching_signature']])
    assert.equal((await receiver.receive(body, headers, handler)).outcome, 'accepted')
  })

  it('releases what its handler failed on, so that a retry is handled', async () => {
    const { receiver, handler, seen } = watched()
    for (const fail of [
      () => {
        throw new Error('first')
      },
      async () => {
        throw new Error('second')
      },
    ]) {
      const reply = await receiver.receive(body, headers, fail)
      assert.deepEqual([reply.status, reply.outcome], [500, 'handler_failed'])
    }
    assert.equal((await receiver.receive(body, headers, handler)).outcome, 'accepted')
    assert.deepEqual(seen.failed, [
      ['first', '5f7b'],
      ['second', '5f7b'],
    ])
  })

  it('takes whatever a handler throws', async () => {
    const { receiver } = watched({ onError: () => {} })
    for (const thrown of [undefined, null, 'text', Object.create(null)]) {
      const reply = await receiver.receive(body, headers, () => Promise.reject(thrown))
      assert.equal(reply.outcome, 'handler_failed')
    }
  })

  it('asks to come back while the first delivery is being handled', async () => {
    const { receiver, handler, seen } = watched()
    let finish
    const first = receiver.receive(body, headers, () => new Promise((resolve) => (finish = resolve)))
    const second = await receiver.receive(body, headers, handler)
    assert.deepEqual([second.status, second.outcome, seen.handled], [503, 'running', []])
    assert.ok(second.headers['Retry-After'])
    finish?.()
    assert.equal((await first).outcome, 'accepted')
    assert.equal((await receiver.receive(body, headers, handler)).outcome, 'duplicate')
  })

  it('handles one of many concurrent deliveries', async () => {
    const { receiver, handler, seen } = watched()
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => receiver.receive(body, headers, handler)),
    )
    assert.equal(replies.filter(({ outcome }) => outcome === 'accepted').length, 1)
    assert.deepEqual(seen.handled, ['5f7b'])
  })

  it('answers a ping without handling it', async () => {
    const ping = new Signer('fast-events', { secret: SECRET }).sign('')
    const store = new MemoryStore()
    const { receiver, handler, seen } = watched({ store }, new Verifier('fast-events', { secret: SECRET }))
    const reply = await receiver.receive(ping.body, ping.headers, handler)
    assert.deepEqual([reply.status, reply.outcome, seen.handled, store.size], [200, 'ping', [], 0])
  })

  it('answers a bad signature as the provider wants it', async () => {
    const { receiver, handler, seen } = watched({}, new Verifier('fast-events', { secret: SECRET }))
    const reply = await receiver.receive('{"id":1}', { 'X-FE-Webhook-Signature': 'AAAA' }, handler)
    assert.deepEqual([reply.status, reply.body, seen.handled.length, seen.rejected.length], [200, '', 0, 1])
  })

  it('refuses a body over the limit before it is verified', async () => {
    const { receiver, handler, seen } = watched({ maxBody: body.length })
    assert.equal((await receiver.receive(body, headers, handler)).outcome, 'accepted')
    for (const large of [Buffer.concat([body, Buffer.from(' ')]), `${TEXT} `, 'é'.repeat(body.length - 1)]) {
      const reply = await receiver.receive(large, headers, handler)
      assert.deepEqual([reply.status, reply.outcome], [413, 'too_large'])
    }
    assert.deepEqual(seen.rejected, ['body_too_large', 'body_too_large', 'body_too_large'])
  })

  it('answers 500 to what is set up wrongly, and says the fix', async () => {
    const { receiver, handler, seen } = watched()
    const reply = await receiver.receive(JSON.parse(TEXT), headers, handler)
    assert.deepEqual([reply.status, reply.outcome], [500, 'misconfigured'])
    assert.deepEqual(seen.failed, [['body_already_parsed', null]])
  })

  it('asks to come back where no key could be had', async () => {
    const issued = { issuer: 'https://issuer.example', audience: 'me', fetchKeys: false }
    const keyless = new Verifier('pitchpoint', issued)
    const { receiver, handler, seen } = watched({}, keyless)
    const token = `${btoa('{"alg":"RS256","kid":"a"}')}.${btoa('{}')}.AAAA`.replaceAll('=', '')
    const reply = await receiver.receive('{}', { Authorization: `Bearer ${token}` }, handler)
    assert.deepEqual([reply.status, reply.outcome, seen.handled], [503, 'keys_unavailable', []])
    assert.deepEqual(seen.failed, [['keys_unavailable', null]])
  })

  it('rejects arguments of a wrong type, which no request causes', async () => {
    const { receiver, handler } = watched()
    await assert.rejects(receiver.receive(undefined, headers, handler), TypeError)
    await assert.rejects(receiver.receive(body, undefined, handler), TypeError)
    await assert.rejects(receiver.receive(body, headers), TypeError)
  })
})

describe('a store', () => {
  const down = () => Promise.reject(new Error('the store is down'))
  const answers = { claim: () => ({ state: 'new', owner: 'me' }), complete: () => true, release: () => true }

  it('that is down means 503, never a silent accept', async () => {
    for (const claim of [
      down,
      () => {
        throw new Error('the store is down')
      },
    ]) {
      const { receiver, handler, seen } = watched({ store: { ...answers, claim } })
      const reply = await receiver.receive(body, headers, handler)
      assert.deepEqual([reply.status, reply.outcome, seen.handled], [503, 'store_unavailable', []])
      assert.deepEqual(seen.failed, [['the store is down', '5f7b']])
    }
  })

  it('that answers nonsense is no store', async () => {
    for (const claim of [undefined, null, {}, { state: 'maybe' }, true]) {
      const { receiver, handler, seen } = watched({ store: { ...answers, claim: () => claim } })
      assert.equal((await receiver.receive(body, headers, handler)).outcome, 'store_unavailable')
      assert.deepEqual(seen.handled, [])
    }
  })

  it('that has no room asks to come back', async () => {
    const store = new MemoryStore({ capacity: 1 })
    store.claim('another', 60)
    const { receiver, handler } = watched({ store })
    assert.equal((await receiver.receive(body, headers, handler)).outcome, 'store_unavailable')
  })

  it('that fails after the handler changes no reply', async () => {
    const { receiver, handler, seen } = watched({ store: { ...answers, complete: down, release: down } })
    assert.equal((await receiver.receive(body, headers, handler)).outcome, 'accepted')
    const failing = () => Promise.reject(new Error('the handler'))
    assert.equal((await receiver.receive(body, headers, failing)).outcome, 'handler_failed')
    assert.deepEqual(
      seen.failed.map(([message]) => message),
      ['the store is down', 'the handler', 'the store is down'],
    )
  })

  it('that took the delivery back is told of, and the reply stays', async () => {
    const { receiver, handler, seen } = watched({ store: { ...answers, complete: () => false } })
    assert.equal((await receiver.receive(body, headers, handler)).outcome, 'accepted')
    assert.deepEqual(seen.failed, [['the lease ended before the handler did', '5f7b']])
  })

  it('may answer with promises, and is told owner, lease and retention', async () => {
    const calls = []
    const store = {
      claim: async (key, lease) => {
        calls.push(['claim', key.split(':')[0], lease])
        return { state: 'new', owner: 'me' }
      },
      complete: async (_key, owner, retention) => calls.push(['complete', owner, retention]) > 0,
      release: async (_key, owner) => calls.push(['release', owner]) > 0,
    }
    const { receiver, handler } = watched({ store, leaseSeconds: 5, retentionSeconds: 7 })
    await receiver.receive(body, headers, handler)
    await receiver.receive(body, headers, () => Promise.reject(new Error('no')))
    assert.deepEqual(calls, [
      ['claim', 'fourvenues', 5],
      ['complete', 'me', 7],
      ['claim', 'fourvenues', 5],
      ['release', 'me'],
    ])
  })

  it('remembers for twice the span of retries, and at least three days', async () => {
    const kept = []
    const store = { ...answers, complete: (_key, _owner, retention) => kept.push(retention) > 0 }
    const standard = { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }
    const signed = new Signer('standard-webhooks', standard).sign('{"type":"x","data":{}}', { id: 'msg_1' })
    const long = watched({ store }, new Verifier('standard-webhooks', standard))
    await watched({ store }).receiver.receive(body, headers, () => {})
    await long.receiver.receive(signed.body, signed.headers, () => {})
    assert.equal(kept[0], 3 * 86_400)
    assert.ok(kept[1] > 6 * 86_400)
  })
})

describe('functions that watch', () => {
  it('never cost the event', async (context) => {
    const printed = context.mock.method(console, 'error', () => {})
    const failing = () => {
      throw new Error('a watcher')
    }
    const receiver = new Receiver(verifier, {
      onReject: failing,
      onDuplicate: failing,
      onError: async () => failing(),
    })
    await receiver.receive(body, headers, () => {})
    assert.equal((await receiver.receive(body, headers, () => {})).outcome, 'duplicate')
    assert.equal((await receiver.receive(body, {}, () => {})).outcome, 'not_authentic')
    assert.equal((await receiver.receive({}, headers, () => {})).outcome, 'misconfigured')
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(printed.mock.callCount(), 3)
  })

  it('are the console by default, once for a wrong setting', async (context) => {
    const warned = context.mock.method(console, 'warn', () => {})
    const printed = context.mock.method(console, 'error', () => {})
    const receiver = new Receiver(verifier)
    await receiver.receive(body, {}, () => {})
    assert.match(warned.mock.calls[0].arguments[0], /missing_header/)
    for (let count = 0; count < 3; count++) await receiver.receive({}, headers, () => {})
    assert.equal(printed.mock.callCount(), 1)
    for (let count = 0; count < 2; count++) {
      await receiver.receive(body, headers, () => Promise.reject(new Error('each time')))
    }
    assert.equal(printed.mock.callCount(), 3)
  })
})

describe('a receiver is refused for', () => {
  it('what is no verifier', () => {
    for (const given of [undefined, 'fourvenues', {}]) assert.throws(() => new Receiver(given), TypeError)
  })

  it('options that are wrong', () => {
    assert.throws(() => new Receiver(verifier, { lease: 60 }), { code: 'invalid_option' })
    assert.throws(() => new Receiver(verifier, { maxBody: -1 }), { code: 'invalid_option' })
    assert.throws(() => new Receiver(verifier, { leaseSeconds: '60' }), TypeError)
    assert.throws(() => new Receiver(verifier, { store: {} }), TypeError)
    assert.throws(() => new Receiver(verifier, { onError: 'log' }), TypeError)
  })
})
