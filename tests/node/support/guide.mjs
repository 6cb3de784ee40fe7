// What the examples of the guide have to do once they run: handle a good event once, and refuse a forged one.
import assert from 'node:assert/strict'
import { once } from 'node:events'

import { Signer } from 'hookproof'

import { eventOf } from './lambdas.mjs'

const TEXT = '{"id":"5f7b","event":"payment.success","payload":{"payment_id":"p1"}}'
const good = {
  method: 'POST',
  ...new Signer('fourvenues', { secret: process.env.FOURVENUES_SECRET }).sign(TEXT),
}
good.headers = { ...good.headers, 'Content-Type': 'application/json' }
const forged = { ...good, body: Buffer.from(`${TEXT} `) }

/** Checks a server and ends it. */
export async function checkServer(server, path = '/hooks', unknown = undefined) {
  if (!server.listening) await once(server, 'listening')
  const { port } = server.address()
  const send = async (request, to = path) => (await fetch(`http://127.0.0.1:${port}${to}`, request)).status
  await check(send)
  if (unknown) assert.equal(await send(good, unknown), 403)
  server.closeAllConnections()
  server.close()
}

/** Checks a function from a Request to a Response. */
export async function checkRoute(route) {
  await check(async (request) => (await route(new Request('https://tickets.example/hooks', request))).status)
}

/** Checks a function of AWS Lambda. */
export async function checkLambda(handler) {
  await check(async (request) => {
    const event = eventOf('API Gateway, format 2.0', { ...request, body: Buffer.from(request.body) })
    return (await handler(event, {})).statusCode
  })
}

/** Sends a good event twice and a forged one; the examples print a line for each that they handle. */
async function check(send) {
  const statuses = []
  for (const request of [good, good, forged]) statuses.push(await send(request))
  assert.deepEqual(statuses, [200, 200, 403])
}
