// Bodies that are large, coded, hostile or consumed.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'

import { SYSTEMS, signedBy } from '../systems.mjs'

const [fourvenues] = SYSTEMS
const MEGABYTE = 1024 * 1024

export function bodyScenarios({ name, served, fix, canChunk }) {
  describe(`${name}: a body`, () => {
    const large = `{"id":"x","event":"y","payload":"${'z'.repeat(MEGABYTE)}"}`

    it('over the limit is refused', async (context) => {
      const { send, seen } = await served(context, { options: { maxBody: 100 } })
      const body = `{"id":"x","event":"y","payload":"${'z'.repeat(100)}"}`
      const { status, text } = await send(signedBy(fourvenues, { body }))
      assert.deepEqual([status, text, seen.handled, seen.outcomes], [413, '', [], [['too_large', null]]])
    })

    it('over the usual limit is refused', async (context) => {
      const { send, seen } = await served(context)
      assert.equal((await send(signedBy(fourvenues, { body: large }))).status, 413)
      assert.deepEqual(seen.handled, [])
    })

    if (canChunk) {
      it('over the limit is refused while it comes', async (context) => {
        const { send, seen } = await served(context, { options: { maxBody: 1000 } })
        const { headers, body } = signedBy(fourvenues, { body: large })
        async function* pieces() {
          for (let at = 0; at < body.length; at += 4096) yield body.subarray(at, at + 4096)
        }
        assert.equal((await send({ method: 'POST', headers, body: pieces() })).status, 413)
        assert.deepEqual([seen.handled, seen.outcomes], [[], [['too_large', null]]])
      })
    }

    it('that is authentic and no JSON is answered as malformed', async (context) => {
      const { send, seen } = await served(context)
      const signed = signedBy(fourvenues, { body: 'no json' })
      const headers = { ...signed.headers, 'Content-Type': 'text/plain' }
      assert.equal((await send({ ...signed, headers })).status, 400)
      assert.deepEqual(seen.outcomes, [['malformed', null]])
    })

    const codings = [
      ['gzip', gzipSync],
      ['x-gzip', gzipSync],
      ['GZIP', gzipSync],
      ['deflate', deflateSync],
      ['deflate', deflateRawSync, 'deflate without its head'],
      ['br', brotliCompressSync],
      ['identity', (bytes) => bytes],
    ]
    for (const [coding, encode, name = coding] of codings) {
      it(`in the coding ${name} is decoded first`, async (context) => {
        const { send, seen } = await served(context)
        const { headers, body } = signedBy(fourvenues)
        const coded = { 'Content-Encoding': coding, 'Content-Type': 'application/octet-stream' }
        const { status } = await send({
          method: 'POST',
          headers: { ...headers, ...coded },
          body: encode(body),
        })
        assert.deepEqual([status, seen.handled], [200, ['payment.success']])
      })
    }

    it('in gzip and called JSON is decoded once, whoever does it', async (context) => {
      const { send, seen } = await served(context)
      const { headers, body } = signedBy(fourvenues)
      const coded = { ...headers, 'Content-Encoding': 'gzip' }
      const { status } = await send({ method: 'POST', headers: coded, body: gzipSync(body) })
      assert.deepEqual([status, seen.handled], [200, ['payment.success']])
    })

    const hostile = {
      'a bomb': ['gzip', gzipSync(Buffer.alloc(64 * MEGABYTE, 'z')), 413, 'too_large'],
      'a bomb of brotli': ['br', brotliCompressSync(Buffer.alloc(8 * MEGABYTE, 'z')), 413, 'too_large'],
      'broken gzip': ['gzip', gzipSync('x').subarray(0, 12), 400, 'malformed'],
      'gzip with something behind it': [
        'gzip',
        Buffer.concat([gzipSync(fourvenues.text), Buffer.from('more')]),
        400,
        'malformed',
      ],
      'no deflate': ['deflate', Buffer.from('{"id":1}'), 400, 'malformed'],
      'an unknown coding': ['zstd', Buffer.from('x'), 415, 'malformed'],
      'two codings': ['gzip, gzip', gzipSync(gzipSync('x')), 415, 'malformed'],
      'the name of a property': ['constructor', Buffer.from('x'), 415, 'malformed'],
    }
    for (const [what, [coding, body, expected, outcome]] of Object.entries(hostile)) {
      it(`that is ${what} is refused`, async (context) => {
        const { send, seen } = await served(context)
        const headers = {
          ...signedBy(fourvenues).headers,
          'Content-Type': 'application/octet-stream',
          'Content-Encoding': coding,
        }
        const { status, text } = await send({ method: 'POST', headers, body })
        assert.deepEqual([status, text, seen.handled], [expected, '', []])
        assert.deepEqual(seen.outcomes, [[outcome, null]])
      })
    }

    it('that something else has consumed is a wrong setting, and the error says the fix', async (context) => {
      const messages = []
      const { send, seen } = await served(context, {
        parsed: true,
        options: { onError: (error) => messages.push(`${error.code}: ${error.message}`) },
      })
      const { status, text } = await send(signedBy(fourvenues))
      assert.deepEqual([status, text, seen.handled], [500, '', []])
      assert.match(messages[0], /^body_already_parsed: /)
      assert.ok(messages[0].includes(fix), messages[0])
    })
  })
}
