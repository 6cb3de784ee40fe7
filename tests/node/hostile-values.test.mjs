// Memory that vanishes, objects that say something else each time, polluted prototypes: no verdict gets more lenient.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'

import { Receiver, Signer, VerificationError, Verifier } from 'hookproof'
import { Webhook } from 'hookproof/compat/standardwebhooks'
import { webhook as forLambda } from 'hookproof/lambda'

import { issuer, BODY as ORDER } from './support/issuer.mjs'
import { eventOf } from './support/lambdas.mjs'

const NOW = 1_790_000_000
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const BODY = '{"type":"a.b","data":{"n":1}}'
const BYTES = Buffer.from(BODY)
const verifier = new Verifier('standard-webhooks', { secret: SECRET })
const signer = new Signer('standard-webhooks', { secret: SECRET })
const signed = headersOf(BODY)

function headersOf(body, now = NOW) {
  return signer.sign(body, { id: 'msg_1', now }).headers
}

function transfer({ buffer }) {
  structuredClone(buffer, { transfer: [buffer] })
}

function resizable() {
  const memory = new ArrayBuffer(BYTES.length, { maxByteLength: 100 })
  new Uint8Array(memory).set(BYTES)
  return memory
}

describe('a view of memory that was resized to less than it is', () => {
  const VIEWS = {
    Uint8Array: (memory) => new Uint8Array(memory, 0, 20),
    'Uint8Array from an offset on': (memory) => new Uint8Array(memory, 12),
    Int8Array: (memory) => new Int8Array(memory, 0, 20),
    DataView: (memory) => new DataView(memory, 0, 20),
  }
  for (const [kind, make] of Object.entries(VIEWS)) {
    it(`is a TypeError and no empty body: ${kind}`, () => {
      for (let round = 0; round < 3000; round++)
        verifier.verify(new Uint8Array(resizable()), signed, { now: NOW })
      for (const size of [0, 5]) {
        const memory = resizable()
        const view = make(memory)
        memory.resize(size)
        assert.throws(() => verifier.verify(view, headersOf(''), { now: NOW }), TypeError)
      }
    })
  }

  it('is still the event’s that was verified before', () => {
    const memory = resizable()
    const event = verifier.verify(new Uint8Array(memory), signed, { now: NOW })
    memory.resize(3)
    assert.deepEqual(event.data, { n: 1 })
    assert.equal(event.body.toString(), BODY)
  })
})

describe('an event whose body was transferred', () => {
  it('says so of all that needs the body, each time, and tells the rest', () => {
    const view = new Uint8Array(BYTES)
    const event = verifier.verify(view, signed, { now: NOW })
    transfer(view)
    for (let count = 0; count < 2; count++) {
      for (const name of ['body', 'data']) assert.throws(() => event[name], TypeError)
    }
    assert.equal(event.isPing, false)
    assert.ok(event.proof.covers.includes('body'))
    assert.match(inspect(event), /bodyBytes: 29/)
  })

  it('has no idempotency key of an empty body', () => {
    const view = new Uint8Array(Buffer.from('{"amount":1}'))
    const { headers } = new Signer('github', { secret: 's3cr3t' }).sign(view, { type: 'push', id: '1' })
    const event = new Verifier('github', { secret: 's3cr3t' }).verify(view, headers)
    assert.equal(event.body, view)
    transfer(view)
    assert.throws(() => event.idempotencyKey, TypeError)
  })
})

describe('a class of the host’s own', () => {
  it('that lies of where its bytes are does not get others parsed', () => {
    class Liar extends Uint8Array {
      get byteOffset() {
        return 0
      }
      get length() {
        return 5
      }
    }
    const memory = Buffer.concat([Buffer.from('{"type":"x.y","data":{"n":2}}'), BYTES])
    const bytes = new Uint8Array(memory).buffer
    const event = verifier.verify(new Liar(bytes, BYTES.length, BYTES.length), signed, { now: NOW })
    assert.deepEqual([event.type, event.data, event.body.toString()], ['a.b', { n: 1 }, BODY])
  })

  it('that hides its memory does not hide that it is gone', () => {
    class Hidden extends Uint8Array {
      get buffer() {
        return new ArrayBuffer(8)
      }
    }
    const memory = new Uint8Array(BYTES)
    const view = new Hidden(memory.buffer)
    transfer(memory)
    assert.throws(() => verifier.verify(view, headersOf(''), { now: NOW }), TypeError)
  })
})

describe('a body that is lost while keys are fetched', () => {
  it('is verified as it was handed over', async (context) => {
    const server = await issuer(context)
    const view = new Uint8Array(ORDER)
    const pending = server.verifier().verifyAsync(view, server.signed())
    transfer(view)
    assert.deepEqual((await pending).data, { order_id: '12345' })
  })
})

describe('headers', () => {
  it('are read once each', () => {
    const stripe = new Verifier('stripe', { secret: 'whsec_x' })
    let reads = 0
    const headers = {
      get 'stripe-signature'() {
        return reads++ === 0 ? 't=1,v1=aa' : {}
      },
    }
    assert.throws(() => stripe.verify('{}', headers), { code: 'timestamp_too_old' })
    assert.equal(reads, 1)
  })

  it('in very many lines take no time that grows with the square of them', () => {
    const time = (count) => {
      const lines = Array.from({ length: count }, () => ['webhook-signature', 'v1,x'])
      const start = process.cpuUsage().user
      assert.throws(() => verifier.verify(BODY, lines), { code: 'duplicate_header' })
      return process.cpuUsage().user - start
    }
    time(100)
    const few = Math.max(time(4000), 10_000)
    assert.ok(time(40_000) < 30 * few)
  })
})

describe('a polluted prototype of all objects', () => {
  const old = headersOf(BODY, NOW - 1_000_000)
  const polluted = async (name, value, work) => {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: false })
    try {
      return await work()
    } finally {
      delete Object.prototype[name]
    }
  }

  it('gives no verifier an option', async () => {
    await polluted('toleranceSeconds', 1e10, () => {
      const made = new Verifier('standard-webhooks', { secret: SECRET })
      assert.throws(() => made.verify(BODY, old, { now: NOW }), { code: 'timestamp_too_old' })
    })
    for (const given of [undefined, {}]) {
      await polluted('secret', SECRET, () => {
        assert.throws(() => new Verifier('standard-webhooks', given), { code: 'invalid_secret' })
      })
    }
  })

  it('sets no clock', async () => {
    await polluted('now', NOW, () => {
      assert.throws(() => verifier.verify(BODY, signed, {}), VerificationError)
    })
    const receiver = new Receiver(verifier, { onReject: () => {} })
    const reply = await polluted('now', NOW, () => receiver.receive(BODY, signed, () => {}))
    assert.equal(reply.outcome, 'stale')
  })

  it('leaves what a request inherits from its own class', async () => {
    class Parts {
      get now() {
        return NOW
      }
    }
    await polluted('now', 1, () => assert.equal(verifier.verify(BODY, signed, new Parts()).id, 'msg_1'))
  })
})

describe('a parsed body', () => {
  it('that is nested too deeply to be written again is refused', () => {
    const lenient = new Verifier('standard-webhooks', { secret: SECRET, acceptReserialized: true })
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    assert.throws(() => lenient.verify(deep, signed, { now: NOW }), { code: 'no_matching_signature' })
  })

  it('has no more bytes because the sender says so', async () => {
    const lenient = new Verifier('standard-webhooks', { secret: SECRET, acceptReserialized: true })
    const body = '{"type":"a.b","byteLength":99999999}'
    const receiver = new Receiver(lenient, { onReject: () => {} })
    const reply = await receiver.receive(JSON.parse(body), headersOf(body), () => {}, { now: NOW })
    assert.equal(reply.outcome, 'accepted')
  })
})

describe('frozen errors', () => {
  it('are no reason for another error', () => {
    const { stackTraceLimit } = Error
    Object.defineProperty(Error, 'stackTraceLimit', { writable: false })
    try {
      assert.throws(() => verifier.verify('x', signed, { now: NOW }), VerificationError)
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', { value: stackTraceLimit, writable: true })
    }
  })
})

describe('a text with a lone surrogate', () => {
  it('is no other text for Lambda either', async () => {
    const send = (body) => {
      const { headers } = new Signer('fourvenues', { secret: 's3cr3t' }).sign('{"id":"\ufffd"}', {
        id: '1',
        type: 'a.b',
      })
      const receive = forLambda('fourvenues', { secret: 's3cr3t', onReject: () => {} }, () => {})
      const request = eventOf('API Gateway, format 2.0', { method: 'POST', headers, body: Buffer.alloc(0) })
      return receive({ ...request, body, isBase64Encoded: false })
    }
    assert.equal((await send('{"id":"\ufffd"}')).statusCode, 200)
    assert.notEqual((await send('{"id":"\ud800"}')).statusCode, 200)
  })
})

describe('the function that chooses a verifier', () => {
  it('sees the path that the framework routes, whatever the sender writes before it', async () => {
    const paths = []
    const choose = ({ path, url }) => void paths.push([path, url])
    const receiver = new Receiver(choose, { onReject: () => {} })
    for (const target of ['http://b/hooks/a?x=1', 'HTTP://b?x=1', '//b/hooks/a', '*']) {
      await receiver.open({}, { method: 'POST', target }).begin('{}')
    }
    assert.deepEqual(paths, [
      ['/hooks/a', 'http://localhost/hooks/a?x=1'],
      ['/', 'http://localhost/?x=1'],
      ['//b/hooks/a', 'http://localhost//b/hooks/a'],
      ['/*', 'http://localhost/*'],
    ])
  })
})

describe('compat', () => {
  it('returns what was verified, of whatever view', () => {
    const now = Math.floor(Date.now() / 1000)
    const padded = Buffer.from(`${BODY} `)
    const headers = headersOf(padded, now)
    const bytes = new Uint8Array(padded).buffer
    for (const view of [new DataView(bytes), new Uint16Array(bytes)]) {
      assert.deepEqual(new Webhook(SECRET).verify(view, headers), JSON.parse(BODY))
    }
  })
})
