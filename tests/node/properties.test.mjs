// What holds for every input, searched with inputs that nobody thought of.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'

import { HookproofError, Provider, Receiver, Verifier } from 'hookproof'

import fc from './support/properties.mjs'
import { SECRET, SIGNATURE_HEADER, sign } from './support/senders.mjs'

/** JSON texts as senders write them: any white space, spelling of numbers, escapes, order and repetition of members. */
const jsonText = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      'null',
      'true',
      'false',
      '""',
      '[]',
      '{}',
      '-0',
      '1.0',
      '1e3',
      '1E400',
      '12345678901234567890',
    ),
    numberText(),
    stringText(),
    list('[', tie('value'), ']'),
    list(
      '{',
      fc
        .tuple(memberName(), space(), space(), tie('value'))
        .map(([name, a, b, value]) => `${name}${a}:${b}${value}`),
      '}',
    ),
  ),
})).value

function numberText() {
  return fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?$/)
}

function stringText() {
  const escaped = fc.oneof(
    fc.constantFrom(
      '\\"',
      '\\\\',
      '\\/',
      '\\b',
      '\\f',
      '\\n',
      '\\r',
      '\\t',
      '\\ud800',
      '\\udc00\\ud800',
      '\\ud83d\\udd11',
    ),
    fc.nat(0xffff).map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`),
    fc.nat(0xffff).map((unit) => `\\u${unit.toString(16).padStart(4, '0').toUpperCase()}`),
  )
  const plain = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 3 })
    .filter((text) => !/["\\\p{Cc}]/u.test(text))
  return fc.array(fc.oneof(escaped, plain), { maxLength: 6 }).map((pieces) => `"${pieces.join('')}"`)
}

function memberName() {
  const index = fc
    .oneof(fc.nat(12), fc.constantFrom(4294967294, 4294967295, 4294967296))
    .map((number) => `"${number}"`)
  return fc.oneof(
    stringText(),
    index,
    fc.constantFrom('"a"', '"\\u0061"', '"01"', '"-1"', '"__proto__"', '"constructor"'),
  )
}

function space() {
  return fc.constantFrom('', '', ' ', '\n', '\t', '\r\n')
}

function list(open, item, close) {
  return fc
    .tuple(space(), fc.array(fc.tuple(item, space()), { maxLength: 5 }), space())
    .map(
      ([first, items, last]) =>
        `${open}${first}${items.map(([text, gap]) => text + gap).join(`,${last}`)}${close}`,
    )
}

describe('a body that was parsed and written again', () => {
  const verifier = new Verifier('fourvenues', { secret: SECRET, acceptReserialized: true })

  it('is accepted in exactly the form of JSON.stringify', () => {
    fc.assert(
      fc.property(jsonText, (payload) => {
        const text = `{"id":"5f7b", "event":"x", "payload":${payload}}`
        const written = JSON.stringify(JSON.parse(text))
        const signature = createHmac('sha256', SECRET).update(written).digest('hex')
        const event = verifier.verify(text, { [SIGNATURE_HEADER]: signature })
        assert.equal(event.proof.content, text === written ? 'raw' : 'reserialized')
        assert.equal(Buffer.from(event.body).toString(), written)
        assert.deepEqual(event.data, JSON.parse(written).payload)
      }),
      { numRuns: 2000 },
    )
  })

  it('is refused without the opt-in unless it came in that form', () => {
    const strict = new Verifier('fourvenues', { secret: SECRET })
    fc.assert(
      fc.property(jsonText, (payload) => {
        const text = `{"id":"5f7b","event":"x","payload":${payload} }`
        const written = JSON.stringify(JSON.parse(text))
        const signature = createHmac('sha256', SECRET).update(written).digest('hex')
        assert.throws(() => strict.verify(text, { [SIGNATURE_HEADER]: signature }), {
          code: 'no_matching_signature',
        })
      }),
    )
  })
})

it('texts cross the boundary as they are', () => {
  const verifier = new Verifier('fourvenues', { secret: SECRET })
  const text = fc.string({ unit: 'binary', maxLength: 300 })
  fc.assert(
    fc.property(text, text, (id, type) => {
      const { body, headers } = sign(JSON.stringify({ id, event: type, payload: { id, type } }))
      const event = verifier.verify(body, headers)
      assert.deepEqual([event.id, event.type, event.data], [id, type, { id, type }])
    }),
  )
})

describe('whatever a request holds', () => {
  const key = { issuer: 'https://issuer.example', audience: 'me', jwks: { keys: [weakless()] } }
  const verifiers = Provider.names()
    .map((name) => {
      const secrets = [SECRET, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']
      const options = [...secrets.map((secret) => ({ secret })), key]
      return options.flatMap((given) => built(name, given))[0]
    })
    .filter((verifier) => verifier !== undefined)
  const names = [...new Set(verifiers.flatMap(headerNames))]
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ maxLength: 60 }),
    fc.stringMatching(/^(v1,|v1=|sha256=|t=|Bearer )?[A-Za-z0-9+/=._,-]{0,80}$/),
    fc.constantFrom(
      '',
      ' ',
      '\0',
      '\r\n',
      '0',
      '-1',
      '9'.repeat(30),
      '1790000000',
      'v1,',
      't=1790000000,v1=',
    ),
  )
  const lines = fc.array(
    fc.tuple(fc.oneof(fc.constantFrom(...names), fc.string()), fc.oneof(value, fc.array(value))),
  )
  const body = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: 'binary' }), jsonText)

  it('only a HookproofError leaves verify', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...verifiers),
        lines,
        body,
        fc.maxSafeInteger(),
        (verifier, headers, bytes, now) => {
          assert.throws(() => verifier.verify(bytes, headers, { now }), HookproofError)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('a receiver has a reply', async () => {
    const silent = { onReject: () => {}, onError: () => {} }
    const receivers = verifiers.map((verifier) => new Receiver(verifier, silent))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...receivers), lines, body, async (receiver, headers, bytes) => {
        const { status, outcome } = await receiver.receive(bytes, headers, () =>
          assert.fail('a forged request'),
        )
        assert.ok(status >= 200 && status < 600, outcome)
      }),
      { numRuns: 300 },
    )
  })

  function built(name, options) {
    try {
      return [new Verifier(name, options)]
    } catch (error) {
      assert.ok(error instanceof HookproofError)
      return []
    }
  }

  /** Finds the headers of a provider where its file names them. */
  function headerNames(verifier) {
    return (
      verifier.provider
        .toJson()
        .match(/"header":\s*"[^"]+"/g)
        ?.map((text) => text.split('"')[3]) ?? []
    )
  }

  /** A key of enough bits; nobody has its other half. */
  function weakless() {
    const n = Buffer.alloc(256, 0xff).toString('base64url')
    return { kty: 'RSA', kid: 'a', alg: 'RS256', use: 'sig', e: 'AQAB', n }
  }
})
