// What all three languages must agree on: see tests/vectors/README.md.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { HookproofError, Provider, RetryPolicy, Signer } from 'hookproof'

import { bodyOf, judge, providerOf, verdictOf } from './support/case.mjs'
import { casesOf, vectors } from './support/vectors.mjs'

describe('verify', () => {
  for (const task of casesOf('verify')) {
    it(`${task.id}: ${task.comment}`, () => {
      const { event, ...answer } = answerTo(task)
      const { event: expected, ...rest } = task.expect
      assert.deepEqual(answer, rest)
      for (const [member, value] of Object.entries(expected ?? {})) compare(member, event[member], value)
    })
  }
})

function answerTo(task) {
  try {
    return { verdict: 'accept', event: described(judge(task)) }
  } catch (error) {
    if (!(error instanceof HookproofError)) throw error
    return { verdict: verdictOf(error), code: error.code }
  }
}

function described(event) {
  const { proof } = event
  return {
    id: event.id,
    type: event.type,
    is_ping: event.isPing,
    data: event.data,
    attributes: { ...event.attributes },
    body_base64: Buffer.from(event.body).toString('base64'),
    sent_at: seconds(event.sentAt),
    occurred_at: seconds(event.occurredAt),
    covers: [...proof.covers],
    key_index: proof.keyIndex,
    key_label: proof.keyLabel,
    algorithm: proof.algorithm,
    content: proof.content,
  }
}

function compare(member, found, expected) {
  if (typeof expected === 'number' && member.endsWith('_at')) {
    // A Date counts whole milliseconds.
    assert.ok(Math.abs(found - expected) < 0.001, `${member} is ${found}, expected ${expected}`)
  } else {
    assert.deepEqual(found, expected, member)
  }
}

function seconds(date) {
  return date === null ? null : date.getTime() / 1000
}

describe('idempotency keys', () => {
  for (const group of vectors('idempotency.json').groups) {
    it(`${group.id}: ${group.relation}`, () => {
      const keys = group.cases.map((task) => judge(task).idempotencyKey)
      assert.equal(new Set(keys).size, group.relation === 'same' ? 1 : keys.length)
    })
  }
})

describe('sign', () => {
  for (const task of casesOf('sign')) {
    it(`${task.id}: ${task.comment}`, () => {
      const signed = sign(task)
      assert.equal(Buffer.from(signed.body).toString('base64'), task.expect.body_base64)
      if (task.verify_only) return accepts(task, signed)
      const lower = Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value])
      assert.deepEqual(Object.fromEntries(lower), task.expect.headers)
    })
  }
})

function sign({ provider, secret, options, message }) {
  const { key_id: keyId, ...rest } = options
  const { id, type, now, method, url, attributes } = message
  const signer = new Signer(providerOf(provider), { secret, keyId, ...rest })
  return signer.sign(bodyOf(message), { id, type, now, method, url, attributes })
}

/** The bytes of a token are the signer's choice, so only what a verifier makes of them is compared. */
function accepts({ provider, verify }, { headers, body }) {
  const event = described(
    judge({ provider, ...verify, headers, body_base64: Buffer.from(body).toString('base64') }),
  )
  for (const [member, value] of Object.entries(verify.event ?? {})) compare(member, event[member], value)
}

describe('retry plans', () => {
  for (const plan of vectors('retry.json').plans) {
    const policy = RetryPolicy.of(plan.provider)
    it(`${plan.provider} has its delays`, () => {
      for (const [index, micros] of (plan.base_delays_us ?? []).entries()) {
        assert.equal(policy.baseDelayMs(index + 1), micros / 1000)
      }
      for (const { seed, retry, delay_us: micros } of plan.seeded ?? []) {
        assert.equal(policy.delayMs(retry, { seed }), micros / 1000)
      }
    })
    for (const task of plan.decisions ?? []) {
      it(`${task.id}: ${task.comment}`, () => {
        const { attempt, status, retry_after: retryAfter, now, seed = 0 } = task
        const decision = policy.next({ attempt, status, retryAfter, now, seed })
        assert.equal(decision.action, task.expect.action)
        if ('delay_us' in task.expect) assert.equal(decision.delayMs, task.expect.delay_us / 1000)
      })
    }
  }
})

describe('replies', () => {
  for (const { provider, outcome, status, body, has_headers: names = [] } of vectors('replies.json').cases) {
    it(`${provider} wants ${status} for ${outcome}`, () => {
      const reply = Provider.named(provider).reply(outcome)
      assert.equal(reply.status, status)
      if (body !== undefined) assert.equal(reply.body, body)
      const found = Object.keys(reply.headers).map((name) => name.toLowerCase())
      assert.deepEqual(
        names.filter((name) => !found.includes(name)),
        [],
      )
    })
  }
})
