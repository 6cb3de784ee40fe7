// Where the middleware finds the body, and how much of one it takes.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { application, VERSIONS } from './support/application.mjs'
import { SECRET, SIGNATURE_HEADER, sign, TEXT } from './support/senders.mjs'
import { post, rawRequest, sendRaw } from './support/server.mjs'

const request = sign()

for (const [name, express] of VERSIONS) {
  describe(`${name}: a body`, () => {
    const large = sign(JSON.stringify({ id: 'x', event: 'y', payload: 'z'.repeat(1024 * 1024) }))

    it('may come in pieces', async (context) => {
      const { url, seen } = await application(express, context)
      async function* pieces() {
        for (const byte of request.body) yield Buffer.from([byte])
      }
      const response = await fetch(url, {
        method: 'POST',
        body: pieces(),
        headers: request.headers,
        duplex: 'half',
      })
      assert.deepEqual([response.status, seen.handled], [200, ['5f7b']])
    })

    it('has exactly the limit', async (context) => {
      const { url, seen } = await application(express, context, {
        options: { secret: SECRET, maxBody: TEXT.length },
      })
      assert.equal((await post(url, request)).status, 200)
      assert.deepEqual(seen.handled, ['5f7b'])
    })

    it('over the limit is refused by its declared length', async (context) => {
      const { url, seen } = await application(express, context)
      assert.equal((await post(url, large)).status, 413)
      assert.deepEqual([seen.handled, seen.rejected], [[], ['body_too_large']])
    })

    it('over the limit is refused while it comes', async (context) => {
      const { port, seen } = await application(express, context, {
        options: { secret: SECRET, maxBody: 1000 },
      })
      const chunk = `400\r\n${'x'.repeat(1024)}\r\n`
      const head = 'POST /hooks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n'
      assert.match(await sendRaw(port, head + chunk), /^HTTP\/1\.1 413 .*connection: close/is)
      assert.deepEqual(seen.rejected, ['body_too_large'])
    })

    it('without an end is not read to the end', async (context) => {
      const { port } = await application(express, context, { options: { secret: SECRET, maxBody: 1000 } })
      const socket = await sendRaw(
        port,
        `POST /hooks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000\r\n\r\n`,
        { end: false },
      )
      let written = 0
      const chunk = Buffer.alloc(64 * 1024)
      while (!socket.destroyed && written < 256 * 1024 * 1024) {
        written += chunk.length
        if (!socket.write(chunk))
          await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {})
      }
      assert.ok(socket.destroyed)
      assert.ok(written < 64 * 1024 * 1024, `${written} bytes were taken`)
    })

    it('that ends too early is nothing', async (context) => {
      const { url, port, seen } = await application(express, context)
      const whole = rawRequest([`${SIGNATURE_HEADER}: ${request.signature}`], TEXT)
      const socket = await sendRaw(port, whole.slice(0, -5), { end: false })
      await sleep(50)
      socket.destroy()
      await once(socket, 'close')
      assert.equal((await post(url, request)).status, 200)
      assert.deepEqual(seen, { handled: ['5f7b'], rejected: [], repeated: [], failed: [] })
    })

    it('is taken from express.raw', async (context) => {
      const { url, seen } = await application(express, context, { before: express.raw({ type: '*/*' }) })
      assert.equal((await post(url, request)).status, 200)
      assert.deepEqual(seen.handled, ['5f7b'])
    })

    it('is taken from express.raw and still limited', async (context) => {
      const before = express.raw({ type: '*/*', limit: '10mb' })
      const { url, seen } = await application(express, context, { before })
      assert.equal((await post(url, large)).status, 413)
      assert.deepEqual(seen.handled, [])
    })

    it('is read where express.json let it pass', async (context) => {
      const { url, seen } = await application(express, context, { before: express.json() })
      const headers = { ...request.headers, 'Content-Type': 'application/octet-stream' }
      assert.equal((await post(url, { ...request, headers })).status, 200)
      assert.deepEqual(seen.handled, ['5f7b'])
    })

    it('that express.json has parsed is a wrong setting, and the error says the fix', async (context) => {
      const errors = []
      const { url, seen } = await application(express, context, {
        before: express.json(),
        options: { secret: SECRET, onError: (error) => errors.push(error) },
      })
      const headers = { ...request.headers, 'Content-Type': 'application/json' }
      const { status, text } = await post(url, { ...request, headers })
      assert.deepEqual([status, text, seen.handled], [500, '', []])
      assert.equal(errors[0].code, 'body_already_parsed')
      assert.match(errors[0].message, /express\.raw/)
    })

    it('that express.json has parsed is written again where that was asked for', async (context) => {
      const options = { secret: SECRET, acceptReserialized: true }
      const { url, seen, events } = await application(express, context, { before: express.json(), options })
      const spaced = { ...request, body: TEXT.replaceAll(':', ': ') }
      const headers = { ...request.headers, 'Content-Type': 'application/json' }
      assert.equal((await post(url, { ...spaced, headers })).status, 200)
      assert.deepEqual([seen.handled, events[0].proof.content], [['5f7b'], 'reserialized'])
    })

    it('that something else has read is a wrong setting', async (context) => {
      const drain = (req, _res, next) => req.on('end', next).resume()
      const { url, seen } = await application(express, context, { before: drain })
      assert.equal((await post(url, request)).status, 500)
      assert.deepEqual(seen.failed, ['body_already_parsed'])
    })

    it('that a platform has kept is taken from there', async (context) => {
      const keep = (req, _res, next) => {
        const chunks = []
        req.on('data', (chunk) => chunks.push(chunk))
        req.on('end', () => {
          req.rawBody = Buffer.concat(chunks)
          req.body = JSON.parse(req.rawBody)
          next()
        })
      }
      const { url, seen } = await application(express, context, { before: keep })
      assert.equal((await post(url, request)).status, 200)
      assert.deepEqual(seen.handled, ['5f7b'])
    })
  })
}
