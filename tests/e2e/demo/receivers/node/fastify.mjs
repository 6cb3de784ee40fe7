// A Fastify application that receives the webhooks of four systems; called and asked as the one of Express.
import Fastify from 'fastify'
import { MemoryStore } from 'hookproof'
import { webhook } from 'hookproof/fastify'

import { handle, handled, routes } from './demo-handler.mjs'

const app = Fastify()

for (const { name, provider, options } of routes()) {
  const receive = webhook(provider, { ...options, store: new MemoryStore() }, (event) => handle(name, event))
  app.register(receive, { prefix: `/${name}` })
}

app.get('/handled', () => handled)

await app.listen({ port: 0, host: '127.0.0.1' })
console.log(app.server.address().port)
