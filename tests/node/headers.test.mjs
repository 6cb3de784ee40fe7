import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Verifier } from 'hookproof'

import { SECRET, SIGNATURE_HEADER, sign } from './support/senders.mjs'

const verifier = new Verifier('fourvenues', { secret: SECRET })
const { body, signature } = sign()

function codeOf(headers) {
  try {
    return verifier.verify(body, headers).id
  } catch (error) {
    if (error instanceof TypeError) throw error
    return error.code
  }
}

describe('headers are read from', () => {
  const lower = SIGNATURE_HEADER.toLowerCase()
  const shapes = {
    IncomingHttpHeaders: { host: 'example.com', [lower]: signature },
    'an object with names in mixed case': { Host: 'example.com', [SIGNATURE_HEADER]: signature },
    'an object with names in upper case': { [SIGNATURE_HEADER.toUpperCase()]: signature },
    'an object without a prototype': Object.assign(Object.create(null), { [lower]: signature }),
    'an object with an array of one value': { [lower]: [signature] },
    'Fetch Headers': new Headers([[SIGNATURE_HEADER, signature]]),
    'a Map': new Map([[SIGNATURE_HEADER, signature]]),
    'a Map of arrays': new Map([[SIGNATURE_HEADER, [signature]]]),
    pairs: [
      ['Host', 'example.com'],
      [SIGNATURE_HEADER, signature],
    ],
    'a generator of pairs': (function* () {
      yield [SIGNATURE_HEADER, signature]
    })(),
    rawHeaders: ['Host', 'example.com', SIGNATURE_HEADER, signature],
  }
  for (const [name, headers] of Object.entries(shapes)) it(name, () => assert.equal(codeOf(headers), '5f7b'))
})

describe('a header that is there twice is refused in', () => {
  const lower = SIGNATURE_HEADER.toLowerCase()
  const shapes = {
    'an array of values': { [lower]: [signature, signature] },
    'names that differ in case': { [lower]: signature, [SIGNATURE_HEADER]: signature },
    pairs: [
      [SIGNATURE_HEADER, signature],
      [lower, signature],
    ],
    rawHeaders: [SIGNATURE_HEADER, signature, lower, 'forged'],
    'a Map': new Map([
      [SIGNATURE_HEADER, signature],
      [lower, signature],
    ]),
  }
  for (const [name, headers] of Object.entries(shapes)) {
    it(name, () => assert.equal(codeOf(headers), 'duplicate_header'))
  }
})

describe('a header is missing in', () => {
  const absent = {
    'an empty object': {},
    'an empty array': [],
    'an undefined value': { [SIGNATURE_HEADER]: undefined },
    'a null value': { [SIGNATURE_HEADER]: null },
    'an empty array of values': { [SIGNATURE_HEADER]: [] },
    'a prototype': Object.create({ [SIGNATURE_HEADER.toLowerCase()]: signature }),
    'a property that is not enumerable': Object.defineProperty({}, SIGNATURE_HEADER, { value: signature }),
    'a name that only Unicode takes for the same': { 'X-Webhoo\u212a-Signature': signature },
  }
  for (const [name, headers] of Object.entries(absent)) {
    it(name, () => assert.equal(codeOf(headers), 'missing_header'))
  }
})

describe('hostile headers', () => {
  it('do not come out of a polluted prototype', () => {
    const name = SIGNATURE_HEADER.toLowerCase()
    Object.prototype[name] = signature
    try {
      assert.equal(codeOf({}), 'missing_header')
    } finally {
      delete Object.prototype[name]
    }
  })

  it('may be named __proto__, constructor or toString', () => {
    const headers = JSON.parse(
      `{"__proto__": "a", "constructor": "b", "toString": "c", "${SIGNATURE_HEADER}": "${signature}"}`,
    )
    assert.equal(codeOf(headers), '5f7b')
    assert.equal(codeOf(['__proto__', 'a', SIGNATURE_HEADER, signature]), '5f7b')
    assert.deepEqual(Object.keys(Object.prototype), [])
  })

  it('are not narrowed to the bytes of another value', () => {
    const narrowed = String.fromCharCode(signature.charCodeAt(0) + 0x100) + signature.slice(1)
    assert.equal(codeOf({ [SIGNATURE_HEADER]: narrowed }), 'malformed_header')
    assert.equal(codeOf({ [SIGNATURE_HEADER]: `${signature}\ud800` }), 'malformed_header')
  })

  it('may be long', () => {
    assert.equal(codeOf({ [SIGNATURE_HEADER]: 'a'.repeat(1_000_000) }), 'malformed_header')
    assert.equal(codeOf({ [SIGNATURE_HEADER]: Array(10_000).fill(signature) }), 'duplicate_header')
    assert.equal(codeOf({ ['x'.repeat(1_000_000)]: 'a', [SIGNATURE_HEADER]: signature }), '5f7b')
  })
})

describe('a wrong shape is a TypeError:', () => {
  const wrong = {
    nothing: undefined,
    null: null,
    'a string': `${SIGNATURE_HEADER}: ${signature}`,
    'a number': 1,
    'rawHeaders of an odd length': [SIGNATURE_HEADER],
    'pairs of one': [[SIGNATURE_HEADER]],
    'a number in the place of a value': { [SIGNATURE_HEADER]: 1 },
    'a number among values': { [SIGNATURE_HEADER]: [1] },
    'a number in the place of a name': [[1, signature]],
    'arrays in arrays': { [SIGNATURE_HEADER]: [[signature]] },
  }
  for (const [name, headers] of Object.entries(wrong))
    it(name, () => assert.throws(() => codeOf(headers), TypeError))
})

it('a getter that throws is the business of the caller', () => {
  const headers = {
    get [SIGNATURE_HEADER]() {
      throw new RangeError('mine')
    },
  }
  assert.throws(() => verifier.verify(body, headers), RangeError)
})
