import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Provider, RetryPolicy } from 'hookproof'

const policy = RetryPolicy.of('fourvenues')

describe('a retry policy', () => {
  it('is that of a name or a provider', () => {
    assert.equal(policy.retries, 40)
    assert.equal(RetryPolicy.of(Provider.named('fourvenues')).baseDelayMs(2), 2828)
    assert.throws(() => RetryPolicy.of('nobody'), { code: 'unknown_provider' })
    assert.throws(() => RetryPolicy.of(1), TypeError)
    assert.throws(() => new RetryPolicy(), TypeError)
  })

  it('without a plan there is none', () => {
    const { retry, ...file } = Provider.named('fourvenues').toObject()
    assert.ok(retry)
    assert.throws(() => RetryPolicy.of(Provider.fromObject(file)), { code: 'invalid_option' })
  })

  it('gives the same delays for the same seed, whatever form that has', () => {
    assert.equal(policy.delayMs(3, { seed: 7 }), policy.delayMs(3, { seed: 7n }))
    assert.equal(typeof policy.delayMs(3, { seed: 2n ** 64n - 1n }), 'number')
    assert.deepEqual(
      policy.scheduleMs({ seed: 7 }),
      Array.from({ length: 40 }, (_, index) => policy.delayMs(index + 1, { seed: 7 })),
    )
  })

  it('draws a seed where none is given', () => {
    const drawn = new Set(Array.from({ length: 50 }, () => policy.delayMs(1)))
    assert.ok(drawn.size > 1)
    for (const delay of drawn) assert.ok(delay >= 1000 && delay < 2000)
  })

  it('has no retry 0 and none after the last', () => {
    assert.deepEqual([policy.delayMs(0), policy.delayMs(41), policy.baseDelayMs(0)], [null, null, null])
    assert.equal(policy.baseDelayMs(40), 252_982)
  })

  it('knows how long it may take', () => {
    assert.equal(
      policy.longestSpanMs,
      policy
        .scheduleMs({ seed: 0 })
        .map((_, at) => policy.baseDelayMs(at + 1) + 1000)
        .reduce((sum, delay) => sum + delay),
    )
  })

  it('refuses numbers that are none', () => {
    for (const retry of [-1, 1.5, Number.NaN, 2 ** 32]) {
      assert.throws(() => policy.delayMs(retry), { code: 'invalid_option' })
    }
    for (const retry of [undefined, '1', 1n]) assert.throws(() => policy.delayMs(retry), TypeError)
    for (const seed of [-1, 1.5, 2 ** 53, -1n, 2n ** 64n]) {
      assert.throws(() => policy.delayMs(1, { seed }), { code: 'invalid_option' })
    }
    assert.throws(() => policy.delayMs(1, { seed: '7' }), TypeError)
  })
})

describe('next', () => {
  it('decides after an attempt', () => {
    assert.deepEqual(policy.next({ attempt: 1, status: 200 }), {
      action: 'delivered',
      delayMs: null,
      throttle: false,
    })
    assert.deepEqual(policy.next({ attempt: 41, status: 500 }), {
      action: 'give_up',
      delayMs: null,
      throttle: false,
    })
    const { action, delayMs } = policy.next({ attempt: 1, seed: 7 })
    assert.deepEqual([action, delayMs], ['retry', policy.delayMs(1, { seed: 7 })])
  })

  it('reads Retry-After in seconds and as a date', () => {
    const sender = RetryPolicy.of('standard-webhooks')
    const now = 784_111_777
    assert.equal(sender.next({ attempt: 1, status: 503, retryAfter: '1200', now }).delayMs, 1_200_000)
    const date = 'Sun, 06 Nov 1994 09:09:37 GMT'
    assert.equal(sender.next({ attempt: 1, status: 503, retryAfter: date, now }).delayMs, 1_200_000)
  })

  it('refuses what is no attempt', () => {
    assert.throws(() => policy.next({}), TypeError)
    assert.throws(() => policy.next({ attempt: '1' }), TypeError)
    assert.throws(() => policy.next({ attempt: -1 }), { code: 'invalid_option' })
    assert.throws(() => policy.next({ attempt: 1, status: 70_000 }), { code: 'invalid_option' })
    assert.throws(() => policy.next({ attempt: 1, retryAfter: 120 }), TypeError)
    assert.throws(() => policy.next({ attempt: 1, retry_after: '120' }), { code: 'invalid_option' })
  })
})
