// An Express application that receives the webhooks of four systems.
//
// It is called with the options of each route as JSON, prints the port that it listens on, and tells under /handled
// how often each route's handler ran.
import express from 'express'
import { MemoryStore } from 'hookproof'
import { webhook } from 'hookproof/express'

import { handle, handled, routes } from './demo-handler.mjs'

const app = express()

for (const { name, provider, options } of routes()) {
  const receive = webhook(provider, { ...options, store: new MemoryStore() })
  app.all(`/${name}`, receive, async (req, res) => {
    await handle(name, req.webhook)
    res.sendStatus(200)
  })
}

app.get('/handled', (_req, res) => res.json(handled))

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port))
