// An Express application that receives the webhooks of four systems.
//
// It is called with the options of each route as JSON, prints the port that it listens on, and tells under /handled
// how often each route's handler ran.
import { setTimeout as sleep } from 'node:timers/promises'

import express from 'express'
import { MemoryStore } from 'hookproof'
import { webhook } from 'hookproof/express'

const handled = {}
const failed = new Set()
const app = express()

for (const [name, { provider, options, max_body: maxBody }] of Object.entries(JSON.parse(process.argv[2]))) {
  const receive = webhook(provider, { ...options, maxBody, store: new MemoryStore() })
  app.all(`/${name}`, receive, async (req, res) => {
    const { body, idempotencyKey } = req.webhook
    handled[name] = (handled[name] ?? 0) + 1
    const first = !failed.has(idempotencyKey)
    failed.add(idempotencyKey)
    if (body.includes('fails-once') && first)
      throw new Error('the handler of the demo fails once, as its event asks')
    if (body.includes('takes-a-while')) await sleep(1000)
    res.sendStatus(200)
  })
}

app.get('/handled', (_req, res) => res.json(handled))

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port))
