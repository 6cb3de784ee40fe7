// A plain server of node:http: handlers that answer for themselves, and requests that no client library sends.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { webhook } from 'hookproof/http'

import { SECRET, SIGNATURE_HEADER, sign, TEXT } from './support/senders.mjs'
import { post, rawRequest, sendRaw, serve } from './support/server.mjs'

const request = sign()

async function served(context, handler, options) {
  const seen = { rejected: [], failed: [], outcomes: [] }
  const watch = {
    secret: SECRET,
    onReject: (error) => seen.rejected.push(error.code),
    onError: (error) => seen.failed.push(error.message),
    onOutcome: (outcome) => seen.outcomes.push(outcome),
  }
  const listener = webhook('fourvenues', { ...watch, ...options }, handler)
  return { ...(await serve(context, listener)), seen }
}

describe('a handler of node:http', () => {
  it('may answer for itself, and what is no 2xx gives the delivery back', async (context) => {
    const statuses = [503, 202]
    const { url, seen } = await served(context, (_event, _request, response) =>
      response.writeHead(statuses.shift()).end('mine'),
    )
    const found = []
    for (let count = 0; count < 3; count++) {
      const { status, text } = await post(url, request)
      found.push([status, text])
    }
    assert.deepEqual(found, [
      [503, 'mine'],
      [202, 'mine'],
      [200, ''],
    ])
    assert.deepEqual(seen.outcomes, ['handler_failed', 'accepted', 'duplicate'])
  })

  it('that fails in the middle of its answer does not look like a success', async (context) => {
    const { url, seen } = await served(context, (_event, _request, response) => {
      response.write('half')
      throw new Error('in the middle')
    })
    await assert.rejects(post(url, request))
    assert.deepEqual(seen.failed, ['in the middle'])
  })

  it('is required', () => {
    assert.throws(() => webhook('fourvenues', { secret: SECRET }), TypeError)
  })
})

describe('a listener of node:http', () => {
  it('refuses two lines of the signature', async (context) => {
    const { port, seen } = await served(context, () => {})
    const lines = [`${SIGNATURE_HEADER}: ${request.signature}`, `${SIGNATURE_HEADER}: forged`]
    assert.match(await sendRaw(port, rawRequest(lines, TEXT)), /^HTTP\/1\.1 403 /)
    assert.deepEqual(seen.rejected, ['duplicate_header'])
  })

  it('closes the connection of a body that it did not read', async (context) => {
    const { port } = await served(context, () => {}, { maxBody: 1000 })
    const head = 'POST /hooks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n'
    const answer = await sendRaw(port, `${head}400\r\n${'x'.repeat(1024)}\r\n`)
    assert.match(answer, /^HTTP\/1\.1 413 .*connection: close/is)
  })

  it('answers when a watcher of the program itself is wrong', async (context) => {
    const printed = context.mock.method(console, 'error', () => {})
    const { url } = await served(context, () => {}, {
      onHandshake: null,
      onReject: async () => {
        throw new Error('a watcher')
      },
    })
    assert.equal((await post(url, sign(TEXT, 'another'))).status, 403)
    assert.equal(printed.mock.callCount(), 1)
  })
})
