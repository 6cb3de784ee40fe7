// A worker of the soak: Express 5, with the client for Redis that it is told to use.
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import express from 'express'
import { webhook } from 'hookproof/express'
import { RedisStore } from 'hookproof/stores/redis'
import { Redis } from 'ioredis'
import { createClient } from 'redis'

const { SOAK_REDIS: url, SOAK_SECRET: secret, SOAK_LEASE_SECONDS: lease } = process.env
const clients = {
  'node-redis': () => createClient({ url }).connect(),
  ioredis: () => new Redis(url),
}
const store = new RedisStore(await clients[process.argv[2]]())

const quiet = { onReject: () => {}, onError: () => {} }
const fourvenues = webhook('fourvenues', { secret, store, leaseSeconds: Number(lease), ...quiet }, handle)

async function handle(event, req) {
  const note = (step) => writeSync(1, `${step} ${event.id} ${req.get('X-Soak-Delivery')}\n`)
  const handler = req.get('X-Soak-Handler')
  if (handler === 'hang') {
    note('hanging')
    await sleep(3_600_000)
  }
  await sleep(2)
  if (handler === 'fail') {
    note('failing')
    throw new Error('the handler fails, as its sender asks')
  }
  note('handled')
}

const app = express()
app.post('/hooks', fourvenues)
const server = app.listen(0, '127.0.0.1', 128, () => writeSync(1, `listening ${server.address().port}\n`))
