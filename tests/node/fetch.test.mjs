// A Request and its Response: how bodies are taken, and handlers that answer for themselves.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { webhook } from 'hookproof/fetch'

import { SECRET, sign } from './support/senders.mjs'

const { body, headers } = sign()
const ADDRESS = 'https://tickets.example/hooks'

function requested(content = body, more = {}) {
  return new Request(ADDRESS, { method: 'POST', headers, body: content, duplex: 'half', ...more })
}

function receiving(handler, options) {
  return webhook('fourvenues', { secret: SECRET, onError: () => {}, onReject: () => {}, ...options }, handler)
}

describe('a handler', () => {
  it('gets the event, the request and what else the framework gives', async () => {
    const got = []
    const receive = receiving((event, request, context) => {
      got.push([event.id, request.url, context.params])
    })
    const response = await receive(requested(), { params: 'a' })
    assert.deepEqual([response.status, await response.text(), got], [200, '', [['5f7b', ADDRESS, 'a']]])
  })

  it('may return a Response, and what is no 2xx gives the delivery back', async () => {
    const statuses = [503, 404, 302, 202]
    const outcomes = []
    const receive = receiving(() => new Response('mine', { status: statuses.shift() }), {
      onOutcome: (outcome) => outcomes.push(outcome),
    })
    const found = []
    for (let count = 0; count < 5; count++) {
      const response = await receive(requested())
      found.push([response.status, await response.text()])
    }
    assert.deepEqual(found, [
      [503, 'mine'],
      [404, 'mine'],
      [302, 'mine'],
      [202, 'mine'],
      [200, ''],
    ])
    assert.deepEqual(outcomes, [...Array(3).fill('handler_failed'), 'accepted', 'duplicate'])
  })

  it('that returns something else has not answered', async () => {
    const receive = receiving(() => ({ status: 500 }))
    assert.equal((await receive(requested())).status, 200)
  })

  it('is required', () => {
    assert.throws(() => webhook('fourvenues', { secret: SECRET }), TypeError)
  })
})

describe('a body', () => {
  it('that somebody is reading is a wrong setting', async () => {
    const errors = []
    const request = requested()
    request.body.getReader()
    const response = await receiving(() => {}, { onError: ({ code }) => errors.push(code) })(request)
    assert.deepEqual([response.status, errors], [500, ['body_already_parsed']])
  })

  it('without an end is not read to the end', async () => {
    let read = 0
    let isCancelled = false
    const endless = new ReadableStream({
      pull(controller) {
        read += 1000
        controller.enqueue(new Uint8Array(1000))
      },
      cancel() {
        isCancelled = true
      },
    })
    const response = await receiving(() => {}, { maxBody: 10_000 })(requested(endless))
    assert.deepEqual([response.status, isCancelled], [413, true])
    assert.ok(read < 20_000, `${read} bytes were read`)
  })

  it('that breaks off is nothing', async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.enqueue(body.subarray(0, 9))
        controller.error(new Error('the sender went away'))
      },
    })
    const handled = []
    const receive = receiving((event) => void handled.push(event.id))
    assert.equal((await receive(requested(broken))).status, 400)
    assert.equal((await receive(requested())).status, 200)
    assert.deepEqual(handled, ['5f7b'])
  })
})
