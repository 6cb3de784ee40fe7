import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'

import { Event, Proof, Signer, Verifier } from 'hookproof'

import { SECRET, sign } from './support/senders.mjs'

const verifier = new Verifier('fourvenues', { secret: SECRET })

function eventOf(payload = '{"name":"Ada Lovelace"}') {
  const { body, headers } = sign(`{"id":"5f7b","event":"payment.success","payload":${payload}}`)
  return verifier.verify(body, headers)
}

describe('data', () => {
  it('is parsed when it is asked for, and once', (context) => {
    const event = eventOf()
    const parse = context.mock.method(JSON, 'parse')
    assert.deepEqual([event.id, event.type, event.isPing], ['5f7b', 'payment.success', false])
    assert.equal(parse.mock.callCount(), 0)
    assert.equal(event.data, event.data)
    assert.equal(parse.mock.callCount(), 1)
  })

  it('is null for null, without parsing it again', (context) => {
    const event = eventOf('null')
    const parse = context.mock.method(JSON, 'parse')
    assert.equal(event.data, null)
    assert.equal(event.data, null)
    assert.equal(parse.mock.callCount(), 1)
  })

  it('may be any JSON value', () => {
    assert.equal(eventOf('0').data, 0)
    assert.equal(eventOf('false').data, false)
    assert.deepEqual(eventOf('["é", "\\u00e9", 1e400]').data, ['é', 'é', Number.POSITIVE_INFINITY])
  })

  it('with a member __proto__ changes no prototype', () => {
    const { data } = eventOf('{"__proto__":{"polluted":true}}')
    assert.equal(Object.getPrototypeOf(data), Object.prototype)
    assert.equal(data.polluted, undefined)
  })
})

describe('an event', () => {
  it('cannot be changed', () => {
    const event = eventOf()
    for (const member of ['id', 'type', 'data', 'body', 'proof', 'isPing', 'attributes', 'another']) {
      assert.throws(() => {
        event[member] = 'forged'
      }, TypeError)
    }
    assert.throws(() => {
      event.proof.keyIndex = 7
    }, TypeError)
    assert.throws(() => event.proof.covers.push('timestamp'), TypeError)
    assert.throws(() => {
      event.attributes.tenant = 'another'
    }, TypeError)
  })

  it('gives a new Date each time, which may be changed without harm', () => {
    const signed = new Signer('stripe', { secret: SECRET }).sign('{"id":"evt_1","type":"x"}', {
      now: 1_700_000_000,
    })
    const event = new Verifier('stripe', { secret: SECRET }).verify(signed.body, signed.headers, {
      now: 1_700_000_001,
    })
    event.sentAt.setTime(0)
    assert.equal(event.sentAt.getTime(), 1_700_000_000_000)
  })

  it('shows neither body nor payload nor claims', () => {
    const event = eventOf()
    for (const text of [
      inspect(event, { depth: 9, showHidden: true }),
      inspect(event.proof),
      JSON.stringify(event),
    ]) {
      assert.doesNotMatch(text, /Lovelace/)
    }
    assert.match(
      inspect(event),
      /^Event \{ provider: 'fourvenues', id: '5f7b'|^Event \{\n {2}provider: 'fourvenues'/,
    )
  })

  it('is made by verify and by nothing else', () => {
    assert.ok(eventOf() instanceof Event)
    assert.ok(eventOf().proof instanceof Proof)
    assert.throws(() => new Event(), TypeError)
    assert.throws(() => new Proof(), TypeError)
  })

  it('has attributes without a prototype', () => {
    assert.equal(Object.getPrototypeOf(eventOf().attributes), null)
    assert.equal(eventOf().attributes.constructor, undefined)
  })

  it('has one idempotency key', () => {
    const event = eventOf()
    assert.equal(event.idempotencyKey, event.idempotencyKey)
    assert.match(event.idempotencyKey, /^fourvenues:default:id:[0-9a-f]{64}$/)
  })

  it('without a body to trim has the bytes that were signed', () => {
    const signed = new Signer('fast-events', { secret: SECRET }).sign('{"id":1}')
    const received = Buffer.from('{"id":1}\r\n')
    const event = new Verifier('fast-events', { secret: SECRET }).verify(received, signed.headers)
    assert.deepEqual([event.proof.content, Buffer.from(event.body).toString()], ['trimmed', '{"id":1}'])
    assert.deepEqual(event.data, { id: 1 })
  })
})

it('secrets are in no inspection', () => {
  for (const made of [verifier, new Signer('fourvenues', { secret: SECRET })]) {
    assert.doesNotMatch(inspect(made, { depth: 9, showHidden: true }), new RegExp(SECRET))
    assert.equal(JSON.stringify(made), '{}')
  }
})
