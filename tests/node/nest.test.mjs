// Routes of NestJS behind the interceptor: what they return, throw or send themselves.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { ConflictException, HttpCode, Req, Res } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { WebhookEvent, webhook } from 'hookproof/nest'

import { nestModule, sender, serveNest } from './support/frameworks.mjs'
import { SECRET, sign, TEXT } from './support/senders.mjs'

const { body, headers } = sign()
const request = { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body }

async function served(context, method, shape, options) {
  const seen = { failed: [], outcomes: [] }
  const watch = {
    secret: SECRET,
    onReject: () => {},
    onError: (error) => seen.failed.push(error.message),
    onOutcome: (outcome) => seen.outcomes.push(outcome),
  }
  const module = nestModule(webhook('fourvenues', { ...watch, ...options }), method, shape)
  return { ...(await serveNest(context, module)), seen }
}

async function statusAndText(send, sent = request) {
  const { status, text } = await send(sent)
  return [status, text]
}

describe('a route of NestJS', () => {
  it('that returns nothing is answered as the provider wants it, not with 201', async (context) => {
    const ids = []
    const { send } = await served(context, (event) => void ids.push(event.id))
    assert.deepEqual(await statusAndText(send), [200, ''])
    assert.deepEqual(ids, ['5f7b'])
  })

  it('that returns something sends that, with 200', async (context) => {
    const { send, seen } = await served(context, async (event) => ({ id: event.id }))
    assert.deepEqual(await statusAndText(send), [200, '{"id":"5f7b"}'])
    assert.deepEqual(await statusAndText(send), [200, ''])
    assert.deepEqual(seen.outcomes, ['accepted', 'duplicate'])
  })

  it('keeps the status of HttpCode for what it returns', async (context) => {
    const { send } = await served(context, () => 'mine', { decorators: [HttpCode(202)] })
    assert.deepEqual(await statusAndText(send), [202, 'mine'])
  })

  it('that throws is answered by Nest, and gets a retry', async (context) => {
    const failures = [new ConflictException('busy'), new Error('secret detail')]
    const { send, seen } = await served(context, async () => {
      if (failures.length > 0) throw failures.shift()
    })
    assert.deepEqual((await statusAndText(send))[0], 409)
    const [status, text] = await statusAndText(send)
    assert.equal(status, 500)
    assert.doesNotMatch(text, /secret detail/)
    assert.deepEqual(await statusAndText(send), [200, ''])
    assert.deepEqual(seen.outcomes, ['handler_failed', 'handler_failed', 'accepted'])
    assert.deepEqual(seen.failed, ['busy', 'secret detail'])
  })

  it('may take the answer into its own hands', async (context) => {
    const statuses = [503, 202]
    const shape = { parameters: [WebhookEvent(), Res()] }
    const { send } = await served(
      context,
      (_event, response) => {
        response.status(statuses.shift()).send('mine')
      },
      shape,
    )
    assert.deepEqual(await statusAndText(send), [503, 'mine'])
    assert.deepEqual(await statusAndText(send), [202, 'mine'])
    assert.deepEqual(await statusAndText(send), [200, ''])
    assert.deepEqual(await statusAndText(send, { ...request, ...sign(TEXT, 'another') }), [403, ''])
  })

  it('may pass the answer through', async (context) => {
    const shape = { parameters: [WebhookEvent(), Res({ passthrough: true })] }
    const { send } = await served(context, (_event, response) => response.status(206) && 'mine', shape)
    assert.deepEqual(await statusAndText(send), [206, 'mine'])
    assert.deepEqual(await statusAndText(send), [200, ''])
  })

  it('finds the event in the request too', async (context) => {
    const { send } = await served(context, ({ webhook: event }) => event.id, { parameters: [Req()] })
    assert.deepEqual(await statusAndText(send), [200, '5f7b'])
  })
})

describe('a route of NestJS on Fastify', () => {
  async function servedOnFastify(context, method, shape) {
    const errors = []
    const options = { secret: SECRET, onReject: () => {}, onError: (error) => errors.push(error.message) }
    const start = async (rawBody) => {
      const module = nestModule(webhook('fourvenues', options), method, shape)
      const app = await NestFactory.create(module, new FastifyAdapter(), { rawBody, logger: false })
      await app.listen(0, '127.0.0.1')
      context.after(() => app.close())
      return sender(app.getHttpServer().address().port)
    }
    return { start, errors }
  }

  it('gets what is new, once, and nothing that is forged', async (context) => {
    const ids = []
    const { start } = await servedOnFastify(context, (event) => void ids.push(event.id))
    const { send } = await start(true)
    assert.deepEqual(await statusAndText(send), [200, ''])
    assert.deepEqual(await statusAndText(send), [200, ''])
    const forged = { ...request, body: Buffer.from(`${TEXT} `) }
    assert.deepEqual(await statusAndText(send, forged), [403, ''])
    assert.deepEqual(ids, ['5f7b'])
  })

  it('gets a retry of what it threw, and of what it answered itself with a failure', async (context) => {
    const statuses = [503, 202]
    const shape = { parameters: [WebhookEvent(), Res()] }
    const { start } = await servedOnFastify(
      context,
      (_event, reply) => {
        reply.status(statuses.shift()).send('mine')
      },
      shape,
    )
    const { send } = await start(true)
    assert.deepEqual(await statusAndText(send), [503, 'mine'])
    assert.deepEqual(await statusAndText(send), [202, 'mine'])
    assert.deepEqual(await statusAndText(send), [200, ''])
  })

  it('says that the bytes are to be kept', async (context) => {
    const { start, errors } = await servedOnFastify(context, () => {})
    const { send } = await start(false)
    assert.deepEqual(await statusAndText(send), [500, ''])
    assert.match(errors[0], /rawBody: true/)
  })
})
