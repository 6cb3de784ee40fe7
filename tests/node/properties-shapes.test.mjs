// A request has one verdict, in whatever shape its headers and its body are.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { HookproofError, Provider, Signer, VerificationError, Verifier } from 'hookproof'

import fc from './support/properties.mjs'

const NOW = 1_790_000_000
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const BODY = '{"type":"a.b","data":{"n":1}}'
const verifier = new Verifier('standard-webhooks', { secret: SECRET })
const signed = new Signer('standard-webhooks', { secret: SECRET }).sign(BODY, {
  id: 'msg_1',
  now: NOW,
}).headers

const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature']
const HOSTILE = ['__proto__', 'constructor', 'toString', '', ' webhook-id', 'webhook-id ', 'webhoo\u212a-id']
const spelled = fc
  .constantFrom(...NAMES)
  .chain((name) =>
    fc
      .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
      .map((upper) => [...name].map((c, at) => (upper[at] ? c.toUpperCase() : c)).join('')),
  )
const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.constantFrom('\ud800', '\0', '\r\n', ''),
)
const value = fc.oneof(fc.constantFrom(...Object.values(signed)), text)
const lines = fc.array(fc.tuple(fc.oneof(spelled, fc.constantFrom(...HOSTILE), text), value), {
  maxLength: 8,
})
const honestLines = fc.shuffledSubarray(Object.entries(signed), { minLength: 3 })

function verdictOf(headers, body = BODY, now = NOW) {
  try {
    return verifier.verify(body, headers, { now }).id
  } catch (error) {
    if (!(error instanceof HookproofError)) throw error
    return error.code
  }
}

/** Shapes that keep repeated lines. */
const LISTS = {
  pairs: (pairs) => pairs,
  iterable: (pairs) => ({ [Symbol.iterator]: () => pairs[Symbol.iterator]() }),
  generator: function* (pairs) {
    yield* pairs
  },
  raw: (pairs) => pairs.flat(),
  map: (pairs) => {
    const map = new Map()
    for (const [name, line] of pairs) map.set(name, [...(map.get(name) ?? []), line])
    return map
  },
  object: (pairs) => {
    const headers = Object.create(null)
    for (const [name, line] of pairs) headers[name] = [...(headers[name] ?? []), line]
    return headers
  },
}

describe('headers', () => {
  it('have the same verdict in every list of lines', () => {
    fc.assert(
      fc.property(lines, honestLines, fc.boolean(), (drawn, honest, isHonest) => {
        const pairs = isHonest ? [...drawn, ...honest] : drawn
        const verdicts = Object.entries(LISTS).map(([shape, make]) => [shape, verdictOf(make(pairs))])
        assert.equal(new Set(verdicts.map(([, verdict]) => verdict)).size, 1, JSON.stringify(verdicts))
      }),
    )
  })

  it('have the same verdict in every mapping, and Headers', () => {
    // What Fetch takes for a name and a value.
    const name = fc.oneof(spelled, fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/))
    const line = fc.oneof(fc.constantFrom(...Object.values(signed)), fc.stringMatching(/^[!-~]{1,30}$/))
    fc.assert(
      fc.property(fc.array(fc.tuple(name, line), { maxLength: 6 }), fc.boolean(), (drawn, isHonest) => {
        const known = Object.fromEntries(drawn.map(([key, found]) => [key.toLowerCase(), found]))
        if (isHonest) for (const [key, found] of Object.entries(signed)) known[key.toLowerCase()] = found
        const pairs = Object.entries(known)
        const shapes = [
          known,
          new Map(pairs),
          new Headers(pairs),
          pairs,
          pairs.flat(),
          Object.freeze({ ...known }),
        ]
        const verdicts = new Set(shapes.map((shape) => verdictOf(shape)))
        assert.equal(verdicts.size, 1, [...verdicts].join())
        if (isHonest) assert.deepEqual([...verdicts], ['msg_1'])
      }),
    )
  })

  it('of other types are absent, refused, or a TypeError', () => {
    fc.assert(
      fc.property(
        spelled,
        fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
        (name, odd) => {
          const own = NAMES.indexOf(name.toLowerCase())
          const headers = Object.entries(signed).filter(([key]) => key.toLowerCase() !== NAMES[own])
          try {
            verifier.verify(BODY, Object.fromEntries([...headers, [name, odd]]), { now: NOW })
            assert.equal(typeof [odd].flat()[0], 'string')
          } catch (error) {
            assert.ok(error instanceof TypeError || error instanceof VerificationError, String(error))
          }
        },
      ),
    )
  })

  it('of whatever kind are refused or a TypeError', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withSet: true, withTypedArray: true }),
        (odd) => {
          assert.throws(
            () => verifier.verify(BODY, odd, { now: NOW }),
            (error) => error instanceof TypeError || error instanceof VerificationError,
          )
        },
      ),
    )
  })

  it('are not found in a polluted prototype', () => {
    const polluted = Object.create(signed)
    assert.equal(verdictOf(polluted), 'missing_header')
  })
})

/** Kinds of memory that hold the same bytes. */
const KINDS = {
  Uint8Array: (bytes) => new Uint8Array(bytes),
  ArrayBuffer: (bytes) => new Uint8Array(bytes).buffer,
  Uint8ClampedArray: (bytes) => new Uint8ClampedArray(bytes),
  Int8Array: (bytes) => new Int8Array(bytes),
  DataView: (bytes) => new DataView(new Uint8Array(bytes).buffer),
  offset: (bytes) =>
    Buffer.concat([Buffer.from('ab'), bytes, Buffer.from('c')]).subarray(2, 2 + bytes.length),
  shared: (bytes) => {
    const view = new Uint8Array(new SharedArrayBuffer(bytes.length))
    view.set(bytes)
    return view
  },
  SharedArrayBuffer: (bytes) => {
    const memory = new SharedArrayBuffer(bytes.length)
    new Uint8Array(memory).set(bytes)
    return memory
  },
  resizable: (bytes) => {
    const memory = new ArrayBuffer(bytes.length, { maxByteLength: bytes.length + 9 })
    const view = new Uint8Array(memory)
    view.set(bytes)
    return view
  },
}

describe('bodies', () => {
  const open = new Verifier('fast-events', { secret: 's3cr3t' })
  const signer = new Signer('fast-events', { secret: 's3cr3t' })

  it('are verified in whatever memory they are, at once and apart', async () => {
    const small = fc.uint8Array({ maxLength: 3000 })
    const large = fc
      .uint8Array({ maxLength: 20 })
      .map((bytes) => Buffer.concat([bytes, Buffer.alloc(70_000, 97)]))
    await fc.assert(
      fc.asyncProperty(fc.oneof({ arbitrary: small, weight: 9 }, large), async (drawn) => {
        const bytes = Buffer.from(drawn)
        const { headers } = signer.sign(bytes, { type: 'order.created' })
        const expected = await judged(() => open.verify(bytes, headers))
        for (const [kind, make] of Object.entries(KINDS)) {
          assert.deepEqual(await judged(() => open.verify(make(bytes), headers)), expected, kind)
          assert.deepEqual(
            await judged(() => open.verifyAsync(make(bytes), headers)),
            expected,
            `${kind} async`,
          )
        }
      }),
    )
  })

  async function judged(verify) {
    try {
      const { body, idempotencyKey } = await verify()
      return [Buffer.from(body).toString('base64'), idempotencyKey]
    } catch (error) {
      assert.ok(error instanceof HookproofError, String(error))
      return [error.code]
    }
  }

  it('that are texts are their UTF-8, and a lone surrogate is nobodys', () => {
    const texts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '\udc00\ud800')))
    fc.assert(
      fc.property(texts, (pieces) => {
        const body = `{"id":"1","x":"${pieces.join('').replace(/["\\\p{Cc}]/gu, '')}"}`
        const { headers } = signer.sign(Buffer.from(body, 'utf8'), { type: 'a.b' })
        if (body.isWellFormed()) assert.equal(open.verify(body, headers).data.id, '1')
        else assert.throws(() => open.verify(body, headers), { code: 'no_matching_signature' })
      }),
    )
  })

  it('that were transferred or are no bytes are a TypeError', async () => {
    const view = new Uint8Array(Buffer.from(BODY))
    structuredClone(view.buffer, { transfer: [view.buffer] })
    for (const body of [view, view.buffer, null, undefined, 5, 5n, true, Symbol('x'), () => {}, new Date()]) {
      assert.throws(() => verifier.verify(body, signed, { now: NOW }), TypeError)
      await assert.rejects(verifier.verifyAsync(body, signed, { now: NOW }), TypeError)
    }
  })
})

describe('a body that was transferred', () => {
  // V8 as of Node 20, once it has compiled for resizable memory too, answers `view.length > 0` with the length that
  // a view had before its memory was transferred. The body would pass for an empty one.
  it('is found by compiled code that has seen every kind of memory', () => {
    const bytes = Buffer.from(BODY)
    for (let round = 0; round < 5000; round++) {
      for (const make of Object.values(KINDS)) verifier.verify(make(bytes), signed, { now: NOW })
    }
    const view = new Uint8Array(bytes)
    structuredClone(view.buffer, { transfer: [view.buffer] })
    assert.throws(() => verifier.verify(view, signed, { now: NOW }), TypeError)
  })
})

describe('a clock', () => {
  it('anywhere accepts exactly the tolerance', () => {
    const edges = [0, -0, -1, 2 ** 31, 2 ** 53, -(2 ** 53), 2 ** 63, -(2 ** 63), Number.MAX_VALUE, 5e-324]
    const now = fc.oneof(
      fc.double(),
      fc.integer({ min: NOW - 302, max: NOW + 302 }),
      fc.constantFrom(...edges),
    )
    fc.assert(
      fc.property(now, (moment) => {
        const verdict = verdictOf(signed, BODY, moment)
        const whole = Math.floor(moment)
        if (!Number.isSafeInteger(whole)) assert.equal(verdict, 'invalid_option')
        else if (whole > NOW + 300) assert.equal(verdict, 'timestamp_too_old')
        else if (whole < NOW - 300) assert.equal(verdict, 'timestamp_too_new')
        else assert.equal(verdict, 'msg_1')
      }),
    )
  })

  it('that is no number is a TypeError', () => {
    for (const now of [true, '1', 1n, {}, [], new Date()]) {
      assert.throws(() => verifier.verify(BODY, signed, { now }), TypeError)
    }
  })
})

describe('options', () => {
  const OPTIONS =
    'secret keyLabels toleranceSeconds issuer audience algorithms requiredClaims claims jwks jwksUri keys fetchKeys fetchTimeoutSeconds allowInsecureLoopback acceptReserialized endpoint maxBody url verifyToken __proto__ x'
  const odd = fc.oneof(
    fc.anything({ withBigInt: true, withNullPrototype: true, maxDepth: 2 }),
    fc.double(),
    fc.string(),
    fc.constantFrom('\ud800', Number.NaN, -1, 2 ** 60, ''),
  )
  const name = fc.oneof(fc.constantFrom('fourvenues', 'pitchpoint', 'meta', 'nobody', ''), fc.string())

  it('of any kind build a verifier or say what is wrong', () => {
    const options = fc.dictionary(fc.constantFrom(...OPTIONS.split(' ')), odd, { maxKeys: 5 })
    fc.assert(
      fc.property(name, options, fc.boolean(), (provider, drawn, hasSecret) => {
        let built
        try {
          built = new Verifier(provider, {
            fetchKeys: false,
            ...drawn,
            ...(hasSecret ? { secret: 's3cr3t' } : {}),
          })
        } catch (error) {
          assert.ok(error instanceof TypeError || error instanceof HookproofError, String(error))
          return
        }
        assert.throws(() => built.verify('{', { x: 'y' }), HookproofError)
      }),
    )
  })

  it('of a signer and a message of any kind too', () => {
    const parts = fc.dictionary(fc.constantFrom('id', 'type', 'now', 'method', 'url', 'attributes', 'x'), odd)
    fc.assert(
      fc.property(fc.constantFrom(...Provider.names()), parts, (provider, drawn) => {
        try {
          new Signer(provider, { secret: SECRET }).sign('{}', drawn)
        } catch (error) {
          assert.ok(error instanceof TypeError || error instanceof HookproofError, String(error))
        }
      }),
    )
  })
})
