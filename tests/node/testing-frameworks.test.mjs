// Signed requests put into each framework by its own means of testing: all four systems, good and bad ones.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { describe, it } from 'node:test'

import { NestFactory } from '@nestjs/core'
import express5 from 'express'
import express4 from 'express4'
import fastify from 'fastify'
import { Hono } from 'hono'
import { MemoryStore } from 'hookproof'
import { webhook as forExpress } from 'hookproof/express'
import { webhook as forFastify } from 'hookproof/fastify'
import { webhook as forFetch } from 'hookproof/fetch'
import { webhook as forHttp } from 'hookproof/http'
import { webhook as forLambda } from 'hookproof/lambda'
import { webhook as forNest } from 'hookproof/nest'
import { generateKeys, signedRequest } from 'hookproof/testing'
import supertest from 'supertest'

import { nestModule } from './support/frameworks.mjs'
import { SECRET } from './support/senders.mjs'

const keys = generateKeys()
const STANDARD_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

/** How each system is received and sent, and the status that refuses what is not authentic. */
const SYSTEMS = [
  ['fourvenues', { secret: SECRET }, { secret: SECRET, event: 'ticket.request_refund' }, 403],
  ['eventsair', { secret: STANDARD_SECRET }, { secret: STANDARD_SECRET }, 401],
  ['fast-events', { secret: SECRET }, { secret: SECRET, event: 'order.created' }, 200],
  ['pitchpoint', keys.verifier, keys.signer, 403],
]

/** Each opens a route at /hooks, and gives what sends a signed request to it and tells the status. */
const MEANS = {
  'Express 5 and supertest': overExpress(express5),
  'Express 4 and supertest': overExpress(express4),
  'node:http and supertest': (_context, provider, options, handler) => {
    const server = createServer(forHttp(provider, options, handler))
    return async (request) => (await request.applyTo(supertest(server).post('/hooks'))).status
  },
  'NestJS and supertest': async (context, provider, options, handler) => {
    const module = nestModule(forNest(provider, options), handler)
    const app = await NestFactory.create(module, { logger: false, rawBody: true })
    await app.init()
    context.after(() => app.close())
    return async (request) => (await request.applyTo(supertest(app.getHttpServer()).post('/hooks'))).status
  },
  "Fastify's inject": (context, provider, options, handler) => {
    const app = fastify()
    app.register(forFastify(provider, options, handler), { prefix: '/hooks' })
    context.after(() => app.close())
    return async (request) => (await app.inject(request.toInject())).statusCode
  },
  'a route of Fetch': (_context, provider, options, handler) => {
    const POST = forFetch(provider, options, handler)
    return async (request) => (await POST(request.toRequest())).status
  },
  Hono: (_context, provider, options, handler) => {
    const receive = forFetch(provider, options, handler)
    const app = new Hono().post('/hooks', (context) => receive(context.req.raw))
    return async (request) => (await app.request(request.toRequest('http://localhost/hooks?a=b'))).status
  },
  'AWS Lambda': (_context, provider, options, handler) => {
    const receive = forLambda(provider, options, handler)
    return async (request) => (await receive(request.toLambda(), {})).statusCode
  },
}

function overExpress(express) {
  return (_context, provider, options, handler) => {
    const app = express().set('env', 'test')
    app.post('/hooks', forExpress(provider, options, handler))
    return async (request) => (await request.applyTo(supertest(app).post('/hooks'))).status
  }
}

for (const [means, open] of Object.entries(MEANS)) {
  describe(`signed requests through ${means}`, () => {
    for (const [provider, verifying, signing, refused] of SYSTEMS) {
      it(`reach the handler of ${provider} once, and forged ones never`, async (context) => {
        const handled = []
        const options = { ...verifying, store: new MemoryStore(), onReject: () => {} }
        const send = await open(context, provider, options, (event) => void handled.push(event.type))
        const request = signedRequest(provider, signing)
        assert.equal(await send(request), 200)
        assert.equal(await send(request.tampered()), refused)
        assert.deepEqual(handled, [request.type])
        if (provider === 'pitchpoint') return
        // A token says who sends, and its samples have an id in an unsigned header: the other three are deduplicated.
        assert.equal(await send(request.duplicate()), 200)
        assert.deepEqual(handled, [request.type])
      })
    }
  })
}

describe('a signed request', () => {
  it('arrives as the bytes that it has', async () => {
    const body = Buffer.from('{"name":"Zoë", "n":1.0}\r\n')
    const received = []
    const app = express5().use(express5.raw({ type: '*/*' }), (req, res) => {
      received.push(req.body, req.get('content-type'))
      res.sendStatus(200)
    })
    const request = signedRequest('fourvenues', { secret: SECRET, body })
    await request.applyTo(supertest(app).post('/')).expect(200)
    assert.deepEqual(received, [body, 'application/json'])
    assert.deepEqual(Buffer.from(await request.toRequest().arrayBuffer()), body)
    assert.deepEqual(request.toInject().payload, body)
  })

  it('keeps path and query of its URL, unless it is given another', () => {
    const request = signedRequest('fourvenues', { secret: SECRET, url: 'https://a.example/in?x=1' })
    assert.equal(request.toInject().url, '/in?x=1')
    assert.equal(request.toInject('/b').url, '/b')
    assert.equal(request.toRequest().url, 'https://a.example/in?x=1')
    const { rawPath, rawQueryString } = request.toLambda()
    assert.deepEqual([rawPath, rawQueryString], ['/in', 'x=1'])
  })

  it('has no body where its method has none', () => {
    const request = signedRequest('fourvenues', { secret: SECRET, method: 'GET' })
    assert.equal(request.toRequest().body, null)
  })
})
