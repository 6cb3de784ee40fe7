// A function of AWS Lambda: its events and results.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { webhook } from 'hookproof/lambda'

import { eventOf } from './support/lambdas.mjs'
import { SECRET, SIGNATURE_HEADER, sign } from './support/senders.mjs'

const { body, headers } = sign()
const request = { method: 'POST', headers, body }
const FORMAT_2 = 'API Gateway, format 2.0'
const FORMAT_1 = 'API Gateway, format 1.0'

function receiving(handler, options) {
  return webhook('fourvenues', { secret: SECRET, onError: () => {}, onReject: () => {}, ...options }, handler)
}

describe('a function', () => {
  it('hands over the event, what called it and the context', async () => {
    const got = []
    const receive = receiving((event, given, context) => {
      got.push([event.id, given.rawPath, context.awsRequestId])
    })
    const result = await receive(eventOf(FORMAT_2, request), { awsRequestId: 'id' })
    assert.deepEqual(result, { statusCode: 200, headers: {}, body: '', isBase64Encoded: false })
    assert.deepEqual(got, [['5f7b', '/hooks', 'id']])
  })

  it('returns the handler’s own result, and what is no 2xx gives the delivery back', async () => {
    const results = [
      { statusCode: 503, body: 'mine' },
      { statusCode: 202, body: 'mine' },
    ]
    const expected = [...results]
    const receive = receiving(async () => results.shift())
    const found = []
    for (let count = 0; count < 3; count++) found.push(await receive(eventOf(FORMAT_2, request)))
    assert.deepEqual(found.slice(0, 2), expected)
    assert.equal(found[2].statusCode, 200)
  })

  it('refuses two lines of the signature', async () => {
    const codes = []
    const event = eventOf(FORMAT_1, request)
    const name = SIGNATURE_HEADER.toLowerCase()
    event.multiValueHeaders[name] = [...event.multiValueHeaders[name], 'forged']
    const receive = receiving(() => {}, { onReject: ({ code }) => codes.push(code) })
    assert.equal((await receive(event)).statusCode, 403)
    assert.deepEqual(codes, ['duplicate_header'])
  })

  it('takes a body of null for an empty one', async () => {
    const event = { ...eventOf(FORMAT_1, request), body: null }
    assert.equal((await receiving(() => {})(event)).statusCode, 403)
  })

  it('takes what a parser has left where that was asked for', async () => {
    const event = { ...eventOf(FORMAT_2, request), body: JSON.parse(body) }
    const receive = receiving(() => {}, { acceptReserialized: true })
    assert.equal((await receive(event)).statusCode, 200)
  })

  it('refuses to be called by something else', async () => {
    const receive = receiving(() => {})
    for (const event of [undefined, {}, { Records: [] }]) await assert.rejects(receive(event), TypeError)
  })
})
