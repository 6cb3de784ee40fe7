// Registers endpoints and publishes messages, as its standard input says, through the modules of the guide.
import { readFileSync } from 'node:fs'

import { Queue } from 'bullmq'
import { Delivery } from 'hookproof'

import { register } from './endpoints.mjs'
import { policy } from './plan.mjs'
import { publish } from './publish.mjs'

for (const { endpoint, url, secret, message, failed } of JSON.parse(readFileSync(0, 'utf8'))) {
  if (url) await register(endpoint, url, secret)
  await (failed ? publishFailed : publish)(endpoint, message)
}
process.exit()

/** Adds a job as it is found after a worker that died when it had noted a first failure: ready, and not yet due. */
async function publishFailed(endpoint, message) {
  const delivery = new Delivery()
  delivery.record(policy, { status: 500 })
  const options = { attempts: 100, backoff: { type: 'retry-policy' } }
  const queue = new Queue('webhooks', { connection: { url: process.env.REDIS_URL } })
  await queue.add(message.type, { endpoint, message, delivery: delivery.toJSON() }, options)
}
