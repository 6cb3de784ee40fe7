// A receiver that chooses its verifiers, content codings and the end of each request, without a framework.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'

import { MemoryStore, Provider, Receiver, Signer, Verifier } from 'hookproof'
import { webhook } from 'hookproof/fetch'

import { SECRET, sign, TEXT } from './support/senders.mjs'

const verifier = new Verifier('fourvenues', { secret: SECRET })
const { body, headers } = sign()
const quiet = { onReject: () => {}, onError: () => {} }

describe('a choice', () => {
  it('gets what is known of the request', async () => {
    const asked = []
    const receiver = new Receiver((request) => {
      asked.push(request)
      return verifier
    })
    const url = 'https://tickets.example/hooks/acme?a=b'
    await receiver.receive(body, { ...headers, 'x-many': ['a', 'b'], 'x-none': undefined }, () => {}, {
      method: 'POST',
      url,
    })
    await receiver.receive(body, new Map(Object.entries(headers)), () => {})
    const [first, second] = asked
    assert.deepEqual([first.method, first.url, first.path], ['POST', url, '/hooks/acme'])
    assert.equal(first.headers.get('X-MANY'), 'a, b')
    assert.equal(first.headers.has('x-none'), false)
    assert.deepEqual([second.method, second.url, second.path], [null, null, null])
    assert.ok(Object.isFrozen(first))
  })

  it('sees no header that is none, and is asked all the same', async () => {
    const asked = []
    const receiver = new Receiver((request) => void asked.push([...request.headers.keys()]), quiet)
    await receiver.receive(body, { 'no name': 'a', line: 'a\nb', good: 'a' }, () => {})
    assert.deepEqual(asked, [['good']])
  })

  it('that knows nobody gets the usual reply, or that of a provider', async () => {
    const replies = [undefined, 'fourvenues', Provider.named('fast-events')].map(async (of) => {
      const receiver = new Receiver(() => null, { ...quiet, replies: of })
      return receiver.receive(body, headers, () => assert.fail('handled'))
    })
    const found = await Promise.all(replies)
    assert.deepEqual(
      found.map(({ status, outcome }) => [status, outcome]),
      [
        [401, 'not_authentic'],
        [403, 'not_authentic'],
        [200, 'not_authentic'],
      ],
    )
  })

  it('decides whose replies and retention there are', async () => {
    const kept = []
    const store = {
      claim: () => ({ state: 'new', owner: 1 }),
      complete: (_key, _owner, seconds) => kept.push(seconds) > 0,
      release: () => true,
    }
    const standard = { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }
    const verifiers = { a: verifier, b: new Verifier('standard-webhooks', standard) }
    const receiver = new Receiver(({ headers }) => verifiers[headers.get('x-which')], { ...quiet, store })
    const signed = new Signer('standard-webhooks', standard).sign('{"type":"x","data":{}}', { id: 'msg_1' })
    await receiver.receive(body, { ...headers, 'x-which': 'a' }, () => {})
    await receiver.receive(signed.body, { ...signed.headers, 'x-which': 'b' }, () => {})
    assert.ok(kept[1] > kept[0], `${kept}`)
    assert.equal((await receiver.receive('{}', { 'x-which': 'a' }, () => {})).status, 403)
    assert.equal((await receiver.receive('{}', { 'x-which': 'b' }, () => {})).status, 401)
  })

  it('that chooses what is no verifier asks to come back', async () => {
    const failed = []
    const receiver = new Receiver(() => 'fourvenues', { onError: (error) => failed.push(error.name) })
    const reply = await receiver.receive(body, headers, () => assert.fail('handled'))
    assert.deepEqual([reply.status, reply.outcome, failed], [503, 'keys_unavailable', ['TypeError']])
  })

  it('has replies of its own only where there is no verifier', () => {
    assert.throws(() => new Receiver(verifier, { replies: 'fourvenues' }), { code: 'invalid_option' })
    assert.throws(() => new Receiver(() => null, { replies: 'nobody' }), { code: 'unknown_provider' })
    assert.throws(() => webhook(verifier, { replies: 'fourvenues' }, () => {}), { code: 'invalid_option' })
  })
})

describe('a secret that is a function', () => {
  const receiving = (options, handler = () => {}) => webhook('fourvenues', { ...quiet, ...options }, handler)
  const requested = (secret, tenant) => {
    const signed = sign(TEXT, secret)
    return new Request(`https://tickets.example/hooks/${tenant}`, {
      method: 'POST',
      headers: signed.headers,
      body: signed.body,
    })
  }

  it('serves more customers than verifiers are kept', async () => {
    const outcomes = new Map()
    const receive = receiving({
      secret: ({ path }) => `secret-of-${path.split('/').at(-1)}`,
      endpoint: ({ path }) => path.split('/').at(-1),
      onOutcome: (outcome) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1),
    })
    for (let round = 0; round < 2; round++) {
      for (let tenant = 0; tenant < 1100; tenant++) await receive(requested(`secret-of-${tenant}`, tenant))
    }
    assert.deepEqual(Object.fromEntries(outcomes), { accepted: 1100, duplicate: 1100 })
  })

  it('may find bytes, several secrets or a verifier', async () => {
    for (const secret of [Buffer.from(SECRET), ['another', SECRET], verifier]) {
      assert.equal((await receiving({ secret: async () => secret })(requested(SECRET, 'a'))).status, 200)
    }
  })

  it('keeps customers apart by their secrets where no endpoint is named, in every process alike', async () => {
    const keys = []
    const store = new MemoryStore()
    const watched = {
      claim: (key, lease) => {
        keys.push(key)
        return store.claim(key, lease)
      },
      complete: (...given) => store.complete(...given),
      release: (...given) => store.release(...given),
    }
    const secret = ({ path }) => `secret-of-${path.at(-1)}`
    for (const receive of [receiving({ secret, store: watched }), receiving({ secret, store: watched })]) {
      for (const tenant of ['a', 'b']) await receive(requested(`secret-of-${tenant}`, tenant))
    }
    assert.notEqual(keys[0], keys[1])
    assert.deepEqual(keys.slice(0, 2), keys.slice(2))
    assert.doesNotMatch(keys.join(), /secret-of/)
  })

  it('is what an endpoint that is a function needs', () => {
    assert.throws(() => receiving({ secret: SECRET, endpoint: () => 'a' }), { code: 'invalid_option' })
    assert.throws(() => webhook('nobody', { secret: () => null }, () => {}), { code: 'unknown_provider' })
  })
})

describe('a content coding', () => {
  const coded = { ...headers, 'Content-Encoding': 'gzip' }

  it('is undone for bytes of any form, and not for a text', async () => {
    const bytes = gzipSync(body)
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    for (const given of [bytes, new Uint8Array(bytes), buffer, TEXT]) {
      const receiver = new Receiver(verifier)
      const got = []
      const reply = await receiver.receive(given, coded, (event) =>
        got.push(Buffer.from(event.body).toString()),
      )
      assert.deepEqual([reply.status, got], [200, [TEXT]])
    }
  })

  it('that is not known is refused by its header', async () => {
    const errors = []
    const receiver = new Receiver(verifier, { onReject: (error) => errors.push(error) })
    const reply = await receiver.receive(body, { ...headers, 'content-encoding': 'zstd' }, () => {})
    assert.deepEqual(reply, {
      status: 415,
      headers: { 'Accept-Encoding': 'gzip, deflate, br' },
      body: '',
      outcome: 'malformed',
    })
    assert.equal(errors[0].code, 'malformed_header')
    assert.match(errors[0].message, /Content-Encoding names "zstd"/)
  })

  it('is not the business of a verifier', () => {
    assert.throws(() => verifier.verify(gzipSync(body), coded), { code: 'no_matching_signature' })
  })
})

describe('the end of a request', () => {
  it('is told once, with its event and how long it took', async () => {
    const ends = []
    const receiver = new Receiver(verifier, { onOutcome: (...given) => ends.push(given) })
    await receiver.receive(body, headers, () => new Promise((resolve) => setTimeout(resolve, 30)))
    const [[outcome, event, milliseconds], ...others] = ends
    assert.deepEqual([outcome, event.id, others], ['accepted', '5f7b', []])
    assert.ok(milliseconds >= 25, `${milliseconds}`)
  })
})
