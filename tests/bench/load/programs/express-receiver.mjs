// An Express application with one webhook: `express-receiver.mjs CONTENDER SECRET` prints the port that it listens on.
//
// Every contender but `none` verifies, reads the event's type and answers 204, or 401 to a forgery.
import { createHmac, timingSafeEqual } from 'node:crypto'

import express from 'express'

const TOLERANCE_SECONDS = 300

const readRaw = express.raw({ type: () => true, limit: '1mb' })

const contenders = {
  none: () => [readRaw, (_request, response) => response.status(204).end()],

  async hookproof(secret) {
    const { webhook } = await import('hookproof/express')
    // The same delivery comes again and again; a store that remembered it would spare all but the first its handler.
    const store = { claim: () => ({ state: 'new' }), complete: () => true, release: () => true }
    const verify = webhook('standard-webhooks', { secret, store, onReject: () => {} })
    return [verify, (request, response) => accept(request.webhook.type, response)]
  },

  async 'hookproof verify'(secret) {
    const { Verifier } = await import('hookproof')
    const verifier = new Verifier('standard-webhooks', { secret })
    return checkedBy((body, headers) => verifier.verify(body, headers))
  },

  async standardwebhooks(secret) {
    const { Webhook } = await import('standardwebhooks')
    const webhook = new Webhook(secret)
    return checkedBy((body, headers) => webhook.verify(body, headers))
  },

  'node:crypto'(secret) {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    return checkedBy((body, headers) => {
      const timestamp = headers['webhook-timestamp']
      if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS)) throw new Error('too old')
      const signed = `${headers['webhook-id']}.${timestamp}.`
      const expected = createHmac('sha256', key).update(signed).update(body).digest()
      const sent = Buffer.from(headers['webhook-signature'].slice('v1,'.length), 'base64')
      if (sent.length !== expected.length || !timingSafeEqual(sent, expected)) throw new Error('forged')
      return JSON.parse(body)
    })
  },
}

function checkedBy(verify) {
  return [
    readRaw,
    (request, response) => {
      let event
      try {
        event = verify(request.body, request.headers)
      } catch {
        return response.status(401).end()
      }
      accept(event.type, response)
    },
  ]
}

/** Answers what only somebody who has read the event can know. */
function accept(type, response) {
  response.status(type === 'order.paid' ? 204 : 422).end()
}

const [contender, secret] = process.argv.slice(2)
const app = express()
app.post('/hooks', ...(await contenders[contender](secret)))
app.get('/cpu', (_request, response) => {
  const { user, system } = process.cpuUsage()
  response.json(user + system)
})
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port))
