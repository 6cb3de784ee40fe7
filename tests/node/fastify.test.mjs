// The plugin of Fastify beside other routes, and handlers that answer for themselves.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createGunzip, gzipSync } from 'node:zlib'

import fastify from 'fastify'
import { webhook } from 'hookproof/fastify'

import { sender } from './support/frameworks.mjs'
import { SECRET, sign } from './support/senders.mjs'

const { body, headers } = sign()
const request = { method: 'POST', headers, body }

async function served(context, handler, { options, prefix = '/hooks', change } = {}) {
  const failed = []
  const app = fastify()
  change?.(app)
  const watch = { secret: SECRET, onError: (error) => failed.push(error.message) }
  app.register(webhook('fourvenues', { ...watch, ...options }, handler), { prefix })
  await app.listen({ port: 0, host: '127.0.0.1' })
  context.after(() => app.close())
  return { ...sender(app.server.address().port), failed }
}

describe('the plugin', () => {
  it('leaves the parsers of other routes alone', async (context) => {
    const { send } = await served(context, () => {}, {
      change: (app) => {
        app.addContentTypeParser('text/csv', { parseAs: 'string' }, async (_request, text) => text.split(','))
        app.post('/echo', async ({ body }) => body)
      },
    })
    const echo = async (type, text) =>
      send({ method: 'POST', headers: { 'Content-Type': type }, body: text, path: '/echo' })
    assert.equal((await echo('application/json', '{"a":1}')).text, '{"a":1}')
    assert.equal((await echo('text/csv', 'a,b')).text, '["a","b"]')
    assert.equal((await echo('application/json', 'no json')).status, 400)
    assert.equal((await send(request)).status, 200)
  })

  it('takes bodies of any type or none', async (context) => {
    const ids = []
    const { send } = await served(context, (event) => ids.push(event.id) && undefined)
    for (const [id, type] of [
      ['a', 'application/x-www-form-urlencoded'],
      ['b', 'application/cloudevents+json; charset=utf-8'],
      ['c', undefined],
    ]) {
      const signed = sign(`{"id":"${id}","event":"x","payload":{}}`)
      const typed = type === undefined ? signed.headers : { ...signed.headers, 'Content-Type': type }
      assert.equal((await send({ method: 'POST', headers: typed, body: signed.body })).status, 200)
    }
    assert.deepEqual(ids, ['a', 'b', 'c'])
  })

  it('takes a prefix with parameters, which the handler sees', async (context) => {
    const seen = []
    const { send } = await served(context, (_event, { params }) => void seen.push(params.tenant), {
      prefix: '/hooks/:tenant',
      options: { secret: ({ path }) => (path === '/hooks/acme' ? SECRET : null) },
    })
    assert.equal((await send({ ...request, path: '/hooks/acme' })).status, 200)
    assert.equal((await send({ ...request, path: '/hooks/other' })).status, 403)
    assert.deepEqual(seen, ['acme'])
  })

  it('takes what a hook has decoded already', async (context) => {
    const { send } = await served(context, () => {}, {
      change: (app) =>
        app.addHook('preParsing', async (_request, _reply, payload) => payload.pipe(createGunzip())),
    })
    const coded = { ...headers, 'Content-Encoding': 'gzip' }
    assert.equal((await send({ method: 'POST', headers: coded, body: gzipSync(body) })).status, 200)
  })
})

describe('a handler', () => {
  it('may answer by what it returns', async (context) => {
    const { send } = await served(context, async (event) => ({ id: event.id }))
    assert.deepEqual([(await send(request)).text, (await send(request)).text], ['{"id":"5f7b"}', ''])
  })

  it('may answer for itself, and what is no 2xx gives the delivery back', async (context) => {
    const statuses = [503, 404, 202]
    const { send } = await served(context, (_event, _request, reply) =>
      reply.code(statuses.shift()).send('mine'),
    )
    const found = []
    for (let count = 0; count < 4; count++) {
      const { status, text } = await send(request)
      found.push([status, text])
    }
    assert.deepEqual(found, [
      [503, 'mine'],
      [404, 'mine'],
      [202, 'mine'],
      [200, ''],
    ])
  })

  it('that fails is told of', async (context) => {
    const { send, failed } = await served(context, () => {
      throw new Error('no')
    })
    const { status, text } = await send(request)
    assert.deepEqual([status, text, failed], [500, '', ['no']])
  })

  it('is required', () => {
    assert.throws(() => webhook('fourvenues', { secret: SECRET }), TypeError)
  })
})
