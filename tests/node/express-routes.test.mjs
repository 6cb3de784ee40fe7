// A route behind the middleware, over real HTTP.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { Signer, Verifier } from 'hookproof'
import { webhook } from 'hookproof/express'

import { application, VERSIONS } from './support/application.mjs'
import { SECRET, SIGNATURE_HEADER, sign, TEXT } from './support/senders.mjs'
import { post, rawRequest, sendRaw } from './support/server.mjs'

const request = sign()

for (const [name, express] of VERSIONS) {
  describe(`${name}: a route behind webhook`, () => {
    it('gets what is new, once', async (context) => {
      const { url, seen } = await application(express, context)
      assert.equal((await post(url, request)).status, 200)
      assert.equal((await post(url, request)).status, 200)
      assert.deepEqual(seen.handled, ['5f7b'])
      assert.deepEqual(seen.repeated, ['5f7b'])
    })

    it('gets no forged request', async (context) => {
      const { url, seen } = await application(express, context)
      const { status, text } = await post(url, sign(TEXT, 'another'))
      assert.deepEqual([status, text, seen.handled], [403, '', []])
      assert.deepEqual(seen.rejected, ['no_matching_signature'])
    })

    it('gets a retry of what it answered with a failure', async (context) => {
      const statuses = [500, 404, 302, 200]
      const { url } = await application(express, context, {
        handler: (_req, res) => res.status(statuses.shift()).end(),
      })
      for (const expected of [500, 404, 302, 200, 200]) {
        const response = await fetch(url, { method: 'POST', ...request, redirect: 'manual' })
        assert.equal(response.status, expected)
      }
      assert.deepEqual(statuses, [])
    })

    it('gets a retry of what it passed to next as an error', async (context) => {
      const failures = [new Error('one'), new Error('two')]
      const { url } = await application(express, context, {
        handler: (_req, res, next) => (failures.length > 0 ? next(failures.shift()) : res.sendStatus(204)),
      })
      assert.equal((await post(url, request)).status, 500)
      assert.equal((await post(url, request)).status, 500)
      assert.equal((await post(url, request)).status, 204)
    })

    it('gets a retry when the connection broke before it had answered', async (context) => {
      let began
      const waiting = new Promise((resolve) => (began = resolve))
      let count = 0
      const { url, port } = await application(express, context, {
        handler: (_req, res) => {
          count += 1
          if (count === 1) began()
          else res.sendStatus(200)
        },
      })
      const socket = await sendRaw(port, rawRequest([`${SIGNATURE_HEADER}: ${request.signature}`], TEXT), {
        end: false,
      })
      await waiting
      assert.equal((await post(url, request)).status, 503)
      socket.destroy()
      assert.equal(await eventually(async () => (await post(url, request)).status, 200), 200)
      assert.equal(count, 2)
    })

    it('is for POST alone', async (context) => {
      const { url, seen } = await application(express, context)
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const response = await fetch(url, { method })
        assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST'])
      }
      assert.deepEqual(seen.handled, [])
    })

    it('gets no ping', async (context) => {
      const { url, seen } = await application(express, context, { provider: 'fast-events' })
      const ping = new Signer('fast-events', { secret: SECRET }).sign('')
      assert.equal((await post(url, ping)).status, 200)
      assert.deepEqual(seen.handled, [])
    })

    it('gets nothing under a bad signature that is answered with 200', async (context) => {
      const { url, seen } = await application(express, context, { provider: 'fast-events' })
      const headers = { 'X-FE-Webhook-Signature': 'AAAA', 'Content-Type': 'application/json' }
      const { status, text } = await post(url, { body: '{"id":1}', headers })
      assert.deepEqual([status, text, seen.handled, seen.rejected.length], [200, '', [], 1])
    })

    it('gets no request with two lines of the signature', async (context) => {
      const { port, seen } = await application(express, context)
      const lines = [`${SIGNATURE_HEADER}: ${request.signature}`, `${SIGNATURE_HEADER.toLowerCase()}: forged`]
      for (const order of [lines, lines.toReversed()]) {
        assert.match(await sendRaw(port, rawRequest(order, TEXT)), /^HTTP\/1\.1 403 /)
      }
      assert.deepEqual(seen.rejected, ['duplicate_header', 'duplicate_header'])
    })

    it('gets no request with two tokens, of which Node keeps the first', async (context) => {
      const options = { issuer: 'https://issuer.example', audience: 'me' }
      const { port, seen } = await application(express, context, { provider: 'pitchpoint', options })
      const answer = await sendRaw(
        port,
        rawRequest(['Authorization: Bearer a', 'Authorization: Bearer b'], '{}'),
      )
      assert.match(answer, /^HTTP\/1\.1 403 /)
      assert.deepEqual(seen.rejected, ['duplicate_header'])
    })
  })
}

describe('webhook is refused for', () => {
  it('what a verifier is refused for', () => {
    assert.throws(() => webhook('fourvenues', {}), { code: 'invalid_secret' })
    assert.throws(() => webhook('nobody', { secret: SECRET }), { code: 'unknown_provider' })
    assert.throws(() => webhook('fourvenues', { secret: SECRET, maxbody: 1 }), { code: 'invalid_option' })
  })

  it('keys beside a verifier, which has its own', () => {
    const verifier = new Verifier('fourvenues', { secret: SECRET })
    assert.throws(() => webhook(verifier, { secret: SECRET }), { code: 'invalid_option' })
  })

  it('a handler that is none', () => {
    assert.throws(() => webhook('fourvenues', { secret: SECRET }, 'handler'), TypeError)
  })
})

async function eventually(ask, expected) {
  let found
  for (let count = 0; count < 50 && found !== expected; count++) {
    found = await ask()
    if (found !== expected) await sleep(20)
  }
  return found
}
