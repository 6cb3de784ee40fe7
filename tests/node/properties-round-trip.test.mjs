// What is signed verifies, and what the proof covers cannot be changed, for every provider with a signer.
import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, it } from 'node:test'

import { ConfigurationError, HookproofError, PayloadError, Signer, Verifier } from 'hookproof'

import { bodyOf, providerOf, verifierOf } from './support/case.mjs'
import fc, { FEW } from './support/properties.mjs'
import { casesOf } from './support/vectors.mjs'

const senders = casesOf('sign').map(senderOf)
const oneForEachProvider = [
  ...new Map([...senders].reverse().map((sender) => [sender.name, sender])).values(),
]

function senderOf(task) {
  const { provider, secret, options, message } = task
  const { key_id: keyId, ...rest } = options
  const signer = new Signer(providerOf(provider), { secret, keyId, ...rest })
  const { id, type, now, method, url, attributes } = message
  const sender = {
    name: provider,
    body: bodyOf(message),
    sign: (body) => signer.sign(body, { id, type, now, method, url, attributes }),
  }
  for (const verifier of verifiersOf(task)) {
    sender.verify = (body, headers) =>
      verifier.verify(body, headers, { now: task.verify?.now ?? now, method, url })
    if (isAuthentic(sender, sender.body, sender.sign(sender.body).headers)) return sender
  }
  throw new Error(`${task.id} has no verifier`)
}

/** Makes the verifiers that the other side may have: with the secret, or the public half of what is none. */
function* verifiersOf({ provider, secret, verify }) {
  const checked = verify ?? { secret, options: {} }
  for (const held of [checked.secret, ...publicKeys([checked.secret].flat())]) {
    try {
      yield verifierOf({ provider, secret: held, options: checked.options })
    } catch (error) {
      assert.ok(error instanceof ConfigurationError)
    }
  }
}

function publicKeys(secrets) {
  const halves = secrets.flatMap((secret) => {
    const text = String(secret).replace(/^whsk_/, '')
    const seed = Buffer.from(text, /^[0-9a-f]{64}$/.test(text) ? 'hex' : 'base64').subarray(0, 32)
    return seed.length === 32 ? [publicHalf(seed)] : []
  })
  if (halves.length === 0) return []
  const plain = halves.map((half) => half.toString('base64'))
  return [plain, halves.map((half) => half.toString('hex')), plain.map((half) => `whpk_${half}`)]
}

function publicHalf(seed) {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const key = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }))
  return key.export({ format: 'der', type: 'spki' }).subarray(-32)
}

function isAuthentic(sender, body, headers) {
  try {
    sender.verify(body, headers)
  } catch (error) {
    // Authentic, though not what the provider sends.
    return error instanceof PayloadError
  }
  return true
}

const json = fc.dictionary(fc.constantFrom('id', 'type', 'event', 'data', 'x'), fc.jsonValue(), {
  maxKeys: 4,
})
const body = fc.oneof(
  json.map((value) => Buffer.from(JSON.stringify(value))),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
)

/** Signs a body; the case's own where the provider signs members that it does not have. */
function signedBy(sender, bytes) {
  try {
    return { bytes, headers: sender.sign(bytes).headers }
  } catch (error) {
    assert.ok(error instanceof ConfigurationError)
    return { bytes: sender.body, headers: sender.sign(sender.body).headers }
  }
}

describe('a signed request', () => {
  for (const sender of oneForEachProvider) {
    it(`of ${sender.name} verifies, and no flipped bit of what is proven does`, () => {
      fc.assert(
        fc.property(body, fc.nat(), fc.nat(7), (drawn, at, bit) => {
          const { bytes, headers } = signedBy(sender, drawn)
          assert.ok(isAuthentic(sender, bytes, headers))
          if (bytes.length === 0) return
          const flipped = Buffer.from(bytes)
          flipped[at % flipped.length] ^= 1 << bit
          // A provider that signs no final newline is sent the same message with one and without.
          fc.pre(trimmed(flipped) !== trimmed(bytes))
          refuses(sender, bytes, flipped, headers)
        }),
        { numRuns: FEW },
      )
    })
  }

  it('has nothing that is covered and that a header can change', () => {
    const sender = fc.constantFrom(...senders)
    fc.assert(
      fc.property(sender, fc.nat(), fc.nat(), fc.nat(6), (drawn, line, at, bit) => {
        const { headers } = drawn.sign(drawn.body)
        const names = Object.keys(headers).filter((name) => headers[name] !== '')
        fc.pre(names.length > 0)
        const name = names[line % names.length]
        const value = Buffer.from(headers[name], 'latin1')
        value[at % value.length] ^= 1 << bit
        const changed = { ...headers, [name]: value.toString('latin1') }
        if (!isAuthentic(drawn, drawn.body, changed)) return
        if (!isAuthentic(drawn, drawn.body, headers)) assert.fail()
        const [honest, event] = [headers, changed].map((sent) => eventOf(drawn, sent))
        if (honest === null || event === null) return
        // A request may come to prove less, such as one that is said to be no form any more.
        const proven = event.proof.covers
        assert.deepEqual(partsOf(event, proven), partsOf(honest, proven), `${drawn.name}: ${name}`)
      }),
      { numRuns: FEW * 80 },
    )
  })
})

function refuses(sender, bytes, flipped, headers) {
  let event
  try {
    event = sender.verify(flipped, headers)
  } catch (error) {
    assert.ok(error instanceof HookproofError)
    // Its signature is right: only where the body is not signed.
    if (error instanceof PayloadError) assert.ok(!covers(sender, 'body'))
    return
  }
  // A form is signed field by field, and a field may be written in two ways.
  if (event.proof.covers.includes('body')) assert.deepEqual(fieldsOf(flipped), fieldsOf(bytes))
}

function covers(sender, part) {
  return sender.verify(sender.body, sender.sign(sender.body).headers).proof.covers.includes(part)
}

function fieldsOf(bytes) {
  const fields = bytes.toString('latin1').split('&')
  return fields
    .map((field) => percentDecoded(field.replaceAll('+', ' ')).replace(/=$/, ''))
    .filter((field) => field !== '')
    .sort()
}

/** Undoes percent-encoding byte by byte: decodeURIComponent refuses what is no UTF-8. */
function percentDecoded(text) {
  return text.replace(/%([0-9a-f]{2})/gi, (_, pair) => String.fromCharCode(Number.parseInt(pair, 16)))
}

function trimmed(bytes) {
  return bytes.toString('latin1').replace(/[\r\n]+$/, '')
}

/** Returns the event; nothing for a body that is authentic and no event. */
function eventOf(sender, headers) {
  try {
    return sender.verify(sender.body, headers)
  } catch (error) {
    assert.ok(error instanceof PayloadError)
    return null
  }
}

function partsOf({ id, type, body: bytes, sentAt }, names) {
  const parts = { id, type, body: Buffer.from(bytes).toString('base64'), timestamp: sentAt?.getTime() }
  return Object.entries(parts).filter(([name]) => names.includes(name))
}

describe('a field of a form that is no UTF-8', () => {
  for (const name of ['twilio', 'mandrill']) {
    it(`is not proven: ${name}`, () => {
      const sender = oneForEachProvider.find((found) => found.name === name)
      // Such fields are read as U+FFFD, whatever their bytes are.
      const { headers } = sender.sign(Buffer.from('a=%80'))
      assert.ok(!sender.verify(Buffer.from('a=%81'), headers).proof.covers.includes('body'))
      const honest = sender.sign(Buffer.from('a=%C3%A9')).headers
      assert.ok(sender.verify(Buffer.from('a=%C3%A9'), honest).proof.covers.includes('body'))
    })
  }
})

describe('one right secret among many', () => {
  const secret = fc.stringMatching(/^[!-~]{1,40}$/)
  for (const name of ['github', 'fast-events', 'shopify', 'stripe']) {
    it(`is enough: ${name}`, () => {
      fc.assert(
        fc.property(
          fc.uniqueArray(secret, { minLength: 1, maxLength: 8 }),
          secret,
          fc.nat(8),
          (others, own, at) => {
            const strangers = others.filter((other) => other !== own)
            fc.pre(strangers.length > 0)
            const held = strangers.toSpliced(at % (strangers.length + 1), 0, own)
            const { headers, body: bytes } = new Signer(name, { secret: own }).sign('{}')
            const { proof } = new Verifier(name, { secret: held }).verify(bytes, headers)
            assert.equal(held[proof.keyIndex], own)
            assert.throws(() => new Verifier(name, { secret: strangers }).verify(bytes, headers), {
              code: 'no_matching_signature',
            })
          },
        ),
      )
    })
  }
})
