import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'

import { Signer, Verifier } from 'hookproof'

import { SECRET, sign, TEXT } from './support/senders.mjs'

const verifier = new Verifier('fourvenues', { secret: SECRET })
const { body, headers } = sign()

function shared(bytes) {
  const view = new Uint8Array(new SharedArrayBuffer(bytes.length))
  view.set(bytes)
  return view
}

function detached(size) {
  const view = new Uint8Array(size)
  structuredClone(view.buffer, { transfer: [view.buffer] })
  return view
}

describe('a body is taken as', () => {
  const bytes = new Uint8Array(body)
  const inside = new Uint8Array([1, 2, ...body, 3]).subarray(2, 2 + body.length)
  const shapes = {
    'a Buffer': body,
    'a Uint8Array': bytes,
    'a view that starts inside its memory': inside,
    'a DataView': new DataView(inside.buffer, inside.byteOffset, inside.byteLength),
    'a view of small integers': new Int8Array(bytes.buffer),
    'an ArrayBuffer': bytes.buffer,
    'shared memory': shared(body),
    'a SharedArrayBuffer': shared(body).buffer,
    'a string': TEXT,
  }
  for (const [name, value] of Object.entries(shapes)) {
    it(name, () => assert.equal(verifier.verify(value, headers).data.payment_id, 'p1'))
  }
})

it('a body of bytes comes back as the same object', () => {
  const bytes = new Uint8Array(body)
  assert.equal(verifier.verify(body, headers).body, body)
  assert.equal(verifier.verify(bytes, headers).body, bytes)
})

it('a body in shared memory is copied before it is verified', () => {
  const view = shared(body)
  const event = verifier.verify(view, headers)
  view.fill(0)
  assert.equal(event.data.payment_id, 'p1')
})

it('a detached body does not pass for an empty one', () => {
  // The test request of Fast Events is a signed empty body: memory that is gone must not look like it.
  const ping = new Signer('fast-events', { secret: SECRET }).sign('')
  const fastEvents = new Verifier('fast-events', { secret: SECRET })
  assert.equal(fastEvents.verify(new Uint8Array(0), ping.headers).isPing, true)
  assert.throws(() => fastEvents.verify(detached(8), ping.headers), TypeError)
  assert.throws(() => fastEvents.verify(detached(8).buffer, ping.headers), TypeError)
  assert.throws(() => new DataView(detached(8).buffer), TypeError)
})

it('a string stands for its UTF-8', () => {
  const text = '{"id":"é","event":"ü🔑","payload":{}}'
  const signed = sign(Buffer.from(text, 'utf8'))
  assert.deepEqual(
    [verifier.verify(text, signed.headers).id, verifier.verify(text, signed.headers).type],
    ['é', 'ü🔑'],
  )
})

it('a lone surrogate in a string is no other character', () => {
  const replaced = '{"id":"\ufffd","event":"x","payload":{}}'
  const signed = sign(Buffer.from(replaced, 'utf8'))
  assert.equal(verifier.verify(replaced, signed.headers).id, '\ufffd')
  assert.throws(() => verifier.verify(replaced.replace('\ufffd', '\ud800'), signed.headers), {
    code: 'no_matching_signature',
  })
})

describe('a long string, whatever its widest character,', () => {
  const widest = { ASCII: 'x', 'Latin-1': 'é', 'two bytes': 'š', 'three bytes': '\ufffd', 'four bytes': '🔑' }
  for (const [name, character] of Object.entries(widest)) {
    const text = JSON.stringify({ id: '5f7b', event: 'x', payload: `${'x'.repeat(5000)}${character}` })
    const signed = sign(Buffer.from(text, 'utf8'))

    it(`stands for its UTF-8: ${name}`, () => {
      assert.deepEqual(verifier.verify(text, signed.headers).body, Buffer.from(text, 'utf8'))
    })

    it(`is no other text that could be narrowed or replaced to it: ${name}`, () => {
      // Each of them becomes an x, or U+FFFD, where its unit is cut to a byte or written as UTF-8 without a look at it.
      for (const other of ['\u0178', '\ud878', '\udc78']) {
        for (const known of ['x', '\ufffd']) {
          const changed = text.replace(known, other)
          if (changed === text) continue
          assert.throws(() => verifier.verify(changed, signed.headers), { code: 'no_matching_signature' })
        }
      }
    })
  }
})

describe('a body that was parsed', () => {
  const parsed = JSON.parse(TEXT)

  for (const value of [parsed, [parsed], Object.assign(Object.create(null), parsed), {}]) {
    it('is refused with the fix in the message', () => {
      assert.throws(() => verifier.verify(value, headers), {
        name: 'ConfigurationError',
        code: 'body_already_parsed',
        message: /express\.raw/,
      })
    })
  }

  it('is written again where that was asked for', () => {
    const lenient = new Verifier('fourvenues', { secret: SECRET, acceptReserialized: true })
    const event = lenient.verify(parsed, headers)
    assert.deepEqual([event.id, event.proof.content], ['5f7b', 'reserialized'])
    assert.equal(Buffer.from(event.body).toString(), TEXT)
  })

  it('is what JSON.stringify writes, no other form', () => {
    const lenient = new Verifier('fourvenues', { secret: SECRET, acceptReserialized: true })
    const spaced = TEXT.replace(':', ': ')
    const signature = createHmac('sha256', SECRET).update(spaced).digest('hex')
    assert.throws(() => lenient.verify(JSON.parse(spaced), { 'x-webhook-signature': signature }), {
      code: 'no_matching_signature',
    })
  })
})

describe('another body is a TypeError:', () => {
  for (const value of [undefined, null, 1, true, 1n, Symbol('body'), () => {}, new Date(), new Map()]) {
    it(typeof value === 'object' ? String(value?.constructor?.name) : typeof value, () => {
      assert.throws(() => verifier.verify(value, headers), TypeError)
    })
  }
})
