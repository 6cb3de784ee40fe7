// Applications of both versions of Express, with one route behind the middleware.
import express5 from 'express'
import express4 from 'express4'
import { MemoryStore, Verifier } from 'hookproof'
import { webhook } from 'hookproof/express'

import { SECRET } from './senders.mjs'
import { serve } from './server.mjs'

export const VERSIONS = [
  ['Express 5', express5],
  ['Express 4', express4],
]

/** An application with one route behind the middleware, and what its parts were told. */
export async function application(
  express,
  context,
  { provider = 'fourvenues', options, before, handler } = {},
) {
  const seen = { handled: [], rejected: [], repeated: [], failed: [] }
  const events = []
  const app = quiet(express())
  if (before) app.use(before)
  const watch = {
    store: new MemoryStore(),
    onReject: (error) => seen.rejected.push(error.code),
    onDuplicate: (event) => seen.repeated.push(event.id),
    onError: (error) => seen.failed.push(error.code ?? error.message),
  }
  const answer = (req, res) => {
    seen.handled.push(req.webhook.id)
    events.push(req.webhook)
    res.sendStatus(200)
  }
  app.all('/hooks', webhook(provider, { ...watch, ...(options ?? { secret: SECRET }) }), handler ?? answer)
  return { ...(await serve(context, app)), seen, events }
}

/** An application whose route is the middleware with a handler. */
export async function withHandler(express, context, handler) {
  const failed = []
  const app = quiet(express())
  const verifier = new Verifier('fourvenues', { secret: SECRET })
  app.post('/hooks', webhook(verifier, { onError: (error) => failed.push(error.message) }, handler))
  return { ...(await serve(context, app)), failed }
}

/** Errors on purpose need not be printed by Express. */
function quiet(app) {
  return app.set('env', 'test')
}
