// Outgoing deliveries, and policies of one's own.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'

import { Delivery, RetryPolicy } from 'hookproof'

import { vectors } from './support/vectors.mjs'

const PLAN = { delays: { list_seconds: [5, 300] }, success: ['2xx'], retry_on: 'any_failure' }
const NOW = 1_790_000_000

describe('the vectors of deliveries', () => {
  for (const { id, comment, plan, seed, start_ms: start, steps } of vectors('deliveries.json').cases) {
    it(`${id}: ${comment}`, () => {
      const policy = RetryPolicy.fromObject(plan)
      let delivery = new Delivery({ seed: BigInt(seed), now: start / 1000 })
      for (const { status, retry_after: retryAfter, now_ms: now, expect } of steps) {
        const { action, delayMs } = delivery.record(policy, { status, retryAfter, now: now / 1000 })
        assert.equal(action, expect.action)
        assert.equal(delayMs, expect.delay_us === null ? null : expect.delay_us / 1000)
        assert.equal(JSON.stringify(delivery), expect.text)
        delivery = Delivery.fromJSON(expect.text)
        assert.equal(delivery.state, expect.state)
        assert.equal(delivery.dueAt?.getTime() ?? null, expect.due_at)
      }
    })
  }
})

describe('a delivery', () => {
  const policy = RetryPolicy.fromObject(PLAN)

  it('starts now with a seed of its own', () => {
    const deliveries = Array.from({ length: 20 }, () => new Delivery())
    for (const { startedAt } of deliveries) assert.ok(Math.abs(startedAt.getTime() - Date.now()) < 5000)
    assert.equal(new Set(deliveries.map((delivery) => delivery.toJSON().seed)).size, 20)
  })

  it('tells where it stands', () => {
    const delivery = new Delivery({ now: NOW })
    assert.deepEqual([delivery.state, delivery.attempts, delivery.lastStatus], ['pending', 0, null])
    assert.deepEqual(delivery.dueAt, delivery.startedAt)
    delivery.record(policy, { status: 503, now: NOW + 0.123 })
    assert.deepEqual([delivery.attempts, delivery.lastStatus], [1, 503])
    assert.equal(delivery.dueAt.getTime(), NOW * 1000 + 5123)
    assert.equal(inspect(delivery), 'Delivery(pending, attempts: 1)')
  })

  it('is read as a text and as an object', () => {
    const delivery = new Delivery({ seed: 2n ** 64n - 1n })
    assert.deepEqual(Delivery.fromJSON(delivery.toJSON()).toJSON(), delivery.toJSON())
    assert.deepEqual(Delivery.fromJSON(JSON.stringify(delivery)).toJSON(), delivery.toJSON())
  })

  it('takes no further attempt when it has ended', () => {
    const delivery = new Delivery()
    assert.equal(delivery.record(policy, { status: 200 }).action, 'delivered')
    assert.throws(() => delivery.record(policy, { status: 200 }), { code: 'invalid_option' })
    assert.equal(delivery.dueAt, null)
  })

  it('refuses another text', () => {
    for (const state of ['', '{}', 'null', '{"version":"2"}', [], {}]) {
      assert.throws(() => Delivery.fromJSON(state), { code: 'invalid_option' })
    }
    for (const state of [undefined, () => {}]) assert.throws(() => Delivery.fromJSON(state), TypeError)
  })

  it('refuses arguments that are none', () => {
    assert.throws(() => new Delivery({ seed: -1 }), { code: 'invalid_option' })
    assert.throws(() => new Delivery({ seed: '7' }), TypeError)
    assert.throws(() => new Delivery({ sed: 7 }), { code: 'invalid_option' })
    assert.throws(() => new Delivery().record('eventsair', {}), TypeError)
    assert.throws(() => new Delivery().record(policy, { status: '503' }), TypeError)
    assert.throws(() => new Delivery().record(policy, { retryAfter: 120 }), TypeError)
  })
})

describe('a policy of one’s own', () => {
  it('is that of a provider file', () => {
    const policy = RetryPolicy.fromObject({ ...PLAN, max_attempts: 2 })
    assert.deepEqual([policy.retries, policy.scheduleMs()], [1, [5000]])
  })

  it('must make sense', () => {
    for (const change of [
      { success: [] },
      { retry_on: ['6xx'] },
      { jitter: 'some' },
      { jitter: 'decorrelated' },
      { unknown: 1 },
      { max_attempts: 0 },
    ]) {
      assert.throws(() => RetryPolicy.fromObject({ ...PLAN, ...change }), { code: 'invalid_option' })
    }
    assert.throws(() => RetryPolicy.fromObject(), TypeError)
  })
})
