// The frozen clock of hookproof/testing: everything that asks for the time gets that one, and afterwards the real one.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { describe, it } from 'node:test'

import { Delivery, MemoryStore, Receiver, Signer, Verifier } from 'hookproof'
import { webhook } from 'hookproof/fetch'
import * as kit from 'hookproof/testing'

const { freezeClock, signedRequest, generateKeys } = kit

const NOW = 1_790_000_000
const HOUR = 3600
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

const verifier = new Verifier('standard-webhooks', { secret: SECRET })
const request = signedRequest('standard-webhooks', { secret: SECRET, now: NOW })
const refused = { code: 'timestamp_too_old' }

describe('a frozen clock', () => {
  it('is that of every verifier, until it is restored', (context) => {
    const clock = freezeClock(NOW)
    context.after(() => clock.restore())
    assert.equal(verifier.verify(request.body, request.headers).id, request.id)
    clock.restore()
    assert.throws(() => verifier.verify(request.body, request.headers), refused)
  })

  it('is that of adapters and receivers, whenever they were made', async (context) => {
    const options = { secret: SECRET, onReject: () => {} }
    const POST = webhook('standard-webhooks', options, () => {})
    const clock = freezeClock(NOW)
    context.after(() => clock.restore())
    assert.equal((await POST(request.toRequest())).status, 200)
    const receiver = new Receiver(verifier, { store: new MemoryStore(), onReject: () => {} })
    const received = await receiver.receive(request.body, request.headers, () => {})
    assert.equal(received.outcome, 'accepted')
    clock.tick(HOUR)
    assert.equal((await receiver.receive(request.body, request.headers, () => {})).outcome, 'stale')
  })

  it('is that of tokens', (context) => {
    const clock = freezeClock(NOW)
    context.after(() => clock.restore())
    const keys = generateKeys()
    const bearer = new Verifier('pitchpoint', keys.verifier)
    const { body, headers } = signedRequest('pitchpoint', keys.signer)
    assert.ok(bearer.verify(body, headers))
    clock.tick(2 * HOUR)
    assert.throws(() => bearer.verify(body, headers), { code: 'token_expired' })
  })

  it('is that of signers, deliveries and the stores of this process', async (context) => {
    const clock = freezeClock(NOW)
    context.after(() => clock.restore())
    const signed = new Signer('standard-webhooks', { secret: SECRET }).sign('{}', { id: 'a' })
    assert.equal(signed.headers['Webhook-Timestamp'], String(NOW))
    assert.equal(new Delivery().startedAt.getTime(), NOW * 1000)
    const store = new MemoryStore()
    assert.equal(store.claim('a', 60).state, 'new')
    assert.equal(store.claim('a', 60).state, 'running')
    clock.tick(61)
    assert.equal(store.claim('a', 60).state, 'new')
  })

  it('stands still, and moves when it is told to', (context) => {
    const clock = freezeClock(new Date(NOW * 1000))
    context.after(() => clock.restore())
    assert.equal(clock.now, NOW)
    clock.tick(0.5)
    assert.equal(clock.now, NOW + 0.5)
    clock.tick(-1)
    assert.equal(clock.now, NOW - 0.5)
    clock.set(new Date(0))
    assert.equal(clock.now, 0)
  })

  it('is frozen at the present, unless it is given a moment', (context) => {
    const before = Date.now() / 1000
    const clock = freezeClock()
    context.after(() => clock.restore())
    assert.ok(clock.now >= before && clock.now <= Date.now() / 1000)
    clock.set(NOW)
    const inner = freezeClock()
    assert.equal(inner.now, NOW)
    inner.restore()
  })

  it('may be frozen within a frozen one, and is restored once', (context) => {
    const outer = freezeClock(NOW)
    context.after(() => outer.restore())
    const inner = freezeClock(NOW + HOUR)
    assert.throws(() => verifier.verify(request.body, request.headers), refused)
    inner.restore()
    inner.restore()
    assert.ok(verifier.verify(request.body, request.headers))
    assert.throws(() => inner.tick(1), { code: 'invalid_option' })
  })

  it('ends with the block that uses it', () => {
    const clock = freezeClock(NOW)
    assert.ok(verifier.verify(request.body, request.headers))
    clock[Symbol.dispose]()
  })

  it('yields to a moment that is given', (context) => {
    const clock = freezeClock(NOW + HOUR)
    context.after(() => clock.restore())
    assert.ok(verifier.verify(request.body, request.headers, { now: NOW }))
  })

  it('comes before a Date that was replaced, which is heard without it', (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: NOW * 1000 })
    assert.ok(verifier.verify(request.body, request.headers))
    const clock = freezeClock(NOW + HOUR)
    assert.throws(() => verifier.verify(request.body, request.headers), refused)
    clock.restore()
    assert.ok(verifier.verify(request.body, request.headers))
    context.mock.timers.reset()
  })

  it('is one for import and require', (context) => {
    const required = createRequire(import.meta.url)('hookproof/testing')
    assert.deepEqual(Object.keys(required).sort(), Object.keys(kit).sort())
    const clock = required.freezeClock(NOW)
    context.after(() => clock.restore())
    assert.ok(verifier.verify(request.body, request.headers))
  })

  it('is not frozen at what is no moment', () => {
    for (const moment of [Number.NaN, Number.POSITIVE_INFINITY, 1e18, new Date(Number.NaN)])
      assert.throws(() => freezeClock(moment), { code: 'invalid_option' })
    for (const moment of ['now', {}, 10n]) assert.throws(() => freezeClock(moment), TypeError)
  })

  it('has left nothing behind', () => {
    assert.throws(() => verifier.verify(request.body, request.headers), refused)
  })
})
