// What TypeScript accepts and refuses of the adapters: checked by `npm run types`, never run.
import { createServer } from 'node:http'
import type {
  ALBHandler,
  APIGatewayProxyEventV2,
  APIGatewayProxyHandler,
  APIGatewayProxyHandlerV2,
  APIGatewayProxyResultV2,
  Context,
} from 'aws-lambda'
import express from 'express'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { Hono } from 'hono'
import { type ChoiceRequest, type Event, MemoryStore, type Outcome, Receiver, type Verifier } from 'hookproof'
import { webhook as forExpress } from 'hookproof/express'
import { webhook as forFastify } from 'hookproof/fastify'
import { webhook as forFetch, type WebhookOptions } from 'hookproof/fetch'
import { webhook as forHttp } from 'hookproof/http'
import { webhook as forLambda } from 'hookproof/lambda'
import { webhook as forNest, WebhookEvent } from 'hookproof/nest'

declare const secret: string | undefined
declare const verifier: Verifier

/** Fails to compile unless the two types are the same. */
function same<Expected>() {
  return <Found,>(
    _found: Found,
    ..._same: [Expected] extends [Found] ? ([Found] extends [Expected] ? [] : [never]) : [never]
  ) => {}
}

// Options
const options: WebhookOptions = {
  secret: async ({ headers, path }) => headers.get('x-tenant') ?? path ?? null,
  endpoint: (request) => {
    same<ChoiceRequest>()(request)
    return request.path
  },
  store: new MemoryStore(),
  onOutcome: (outcome, event, milliseconds) => {
    same<Outcome>()(outcome)
    same<Event | null>()(event)
    same<number>()(milliseconds)
  },
}
forFetch('fourvenues', { secret: () => verifier }, () => {})
forFetch('fourvenues', { secret: () => ['new', new Uint8Array(8)] }, () => {})
// @ts-expect-error: a secret is text or bytes
forFetch('fourvenues', { secret: () => 1 }, () => {})
// @ts-expect-error: not an option
forFetch('fourvenues', { secret, onOutcomes: () => {} }, () => {})

// A choice of verifiers
new Receiver(({ headers }) => (headers.has('a') ? verifier : null), { replies: 'fourvenues' })
new Receiver(async () => undefined)
// @ts-expect-error: a choice gives a verifier
new Receiver(() => 'fourvenues')
// @ts-expect-error: a verifier has its replies
new Receiver(verifier, { replies: 'fourvenues' })

// The Fetch standard
const receive = forFetch('fourvenues', options, async (event, request) => {
  same<Event>()(event)
  same<Request>()(request)
})
new Hono().all('/hooks', (context) => receive(context.req.raw))
const POST: (request: Request, context: { params: Promise<{ id: string }> }) => Promise<Response> = forFetch(
  verifier,
  {},
  async (_event, _request, context: { params: Promise<{ id: string }> }) => {
    return Response.json(await context.params)
  },
)
// @ts-expect-error: the handler is required
forFetch('fourvenues', { secret })
// @ts-expect-error: a Response, or nothing
forFetch('fourvenues', { secret }, () => ({ status: 200 }))

// Express, with what it gained
express().post('/a', forExpress('fourvenues', options), (request, response) => {
  response.send(request.webhook.type)
})
express().post(
  '/b',
  forExpress(() => verifier, { replies: 'fourvenues' }),
)

// Fastify
const app = fastify()
app.register(
  forFastify('fourvenues', options, (event, request, reply) => {
    same<Event>()(event)
    same<FastifyRequest>()(request)
    same<FastifyReply>()(reply)
  }),
  { prefix: '/hooks' },
)
// @ts-expect-error: a plugin of Fastify, no listener
createServer(forFastify('fourvenues', options, () => {}))

// Plain Node
createServer(forHttp('fourvenues', options, (_event, request, response) => response.end(request.url)))

// Nest
class Hooks {
  receive(_event: Event) {}
}
WebhookEvent()(Hooks.prototype, 'receive', 0)
forNest('fourvenues', options).intercept
// @ts-expect-error: the route is the handler
forNest('fourvenues', options, () => {})

// AWS Lambda
export const functionUrl: APIGatewayProxyHandlerV2 = forLambda('fourvenues', options, (event) => {
  console.log(event.id)
})
export const gateway: APIGatewayProxyHandler = forLambda('fourvenues', options, () => {})
export const balancer: ALBHandler = forLambda('fourvenues', options, () => {})
const typed = forLambda(
  'fourvenues',
  options,
  (_event, request: APIGatewayProxyEventV2, context: Context) => ({
    statusCode: 202,
    body: context.awsRequestId + request.rawPath,
  }),
)
declare const given: APIGatewayProxyEventV2
declare const context: Context
const result: Promise<APIGatewayProxyResultV2> = typed(given, context)

export { POST, result }
