// Each adapter in its framework: `open` serves one webhook at /hooks, the way an application would.
import 'reflect-metadata'

import { serve as serveHono } from '@hono/node-server'
import { All, Controller, Module, UseInterceptors } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import express5 from 'express'
import express4 from 'express4'
import fastify from 'fastify'
import { Hono } from 'hono'
import { webhook as forExpress } from 'hookproof/express'
import { webhook as forFastify } from 'hookproof/fastify'
import { webhook as forFetch } from 'hookproof/fetch'
import { webhook as forHttp } from 'hookproof/http'
import { webhook as forNest, WebhookEvent } from 'hookproof/nest'

import { serve } from './server.mjs'

/** Sends requests to a server that listens at this port. */
export function sender(port) {
  return {
    port,
    async send({ method, headers, body, path = '/hooks' }) {
      const hasBody = body !== undefined && method !== 'GET'
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers,
        ...(hasBody ? { body, duplex: 'half' } : {}),
      })
      return { status: response.status, text: await response.text(), headers: response.headers }
    },
  }
}

function overExpress(express) {
  return async (context, { provider, options, handler, parsed }) => {
    const app = express().set('env', 'test')
    if (parsed) app.use(express.json())
    app.all(
      '/hooks',
      forExpress(provider, options, (event) => handler(event)),
    )
    return sender((await serve(context, app)).port)
  }
}

async function overHttp(context, { provider, options, handler, parsed }) {
  const listener = forHttp(provider, options, (event) => handler(event))
  const drained = (request, response) => request.on('end', () => listener(request, response)).resume()
  return sender((await serve(context, parsed ? drained : listener)).port)
}

async function overFastify(context, { provider, options, handler, parsed }) {
  const app = fastify()
  // What a hook does that reads the body for itself.
  if (parsed) {
    app.addHook('preParsing', async (request, _reply, payload) => {
      for await (const _chunk of payload) request.hasBody = true
      return payload
    })
  }
  app.register(
    forFastify(provider, options, (event) => handler(event)),
    { prefix: '/hooks' },
  )
  await app.listen({ port: 0, host: '127.0.0.1' })
  context.after(() => app.close())
  return sender(app.server.address().port)
}

async function overHono(context, { provider, options, handler, parsed }) {
  const app = new Hono()
  const receive = forFetch(provider, options, (event) => handler(event))
  app.all('/hooks', async (given) => {
    if (parsed) await given.req.raw.json()
    return receive(given.req.raw, given)
  })
  const server = await new Promise((resolve) => {
    const listening = serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () =>
      resolve(listening),
    )
  })
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return sender(server.address().port)
}

/** Calls a route as Next.js does: an exported function for each method, a Request and a context of parameters. */
async function overNext(_context, { provider, options, handler, parsed }) {
  const route = forFetch(provider, options, (event) => handler(event))
  return {
    async send({ method, headers, body, path = '/hooks' }) {
      const content = method === 'GET' ? undefined : body
      const request = new Request(`https://tickets.example${path}`, {
        method,
        headers,
        body: content,
        duplex: 'half',
      })
      if (parsed) await request.json()
      const response = await route(request, { params: Promise.resolve({}) })
      return { status: response.status, text: await response.text(), headers: response.headers }
    },
  }
}

/** A module with one route behind the interceptor, decorated without the syntax, which JavaScript does not have yet. */
export function nestModule(interceptor, method, { decorators = [], parameters = [WebhookEvent()] } = {}) {
  class Hooks {}
  Hooks.prototype.receive = method
  const descriptor = Object.getOwnPropertyDescriptor(Hooks.prototype, 'receive')
  for (const [index, decorate] of parameters.entries()) decorate(Hooks.prototype, 'receive', index)
  for (const decorate of [All(), UseInterceptors(interceptor), ...decorators])
    decorate(Hooks.prototype, 'receive', descriptor)
  Controller('hooks')(Hooks)
  class App {}
  Module({ controllers: [Hooks] })(App)
  return App
}

export async function serveNest(context, module, settings = { rawBody: true }) {
  const app = await NestFactory.create(module, { logger: false, ...settings })
  app.useBodyParser('json', { limit: '2mb' })
  await app.listen(0, '127.0.0.1')
  context.after(() => app.close())
  return sender(app.getHttpServer().address().port)
}

function overNest(context, { provider, options, handler, parsed }) {
  const module = nestModule(forNest(provider, options), (event) => handler(event))
  return serveNest(context, module, { rawBody: !parsed })
}

export const FRAMEWORKS = [
  { name: 'Express 5', open: overExpress(express5), fix: 'express.raw(', canChunk: true },
  { name: 'Express 4', open: overExpress(express4), fix: 'express.raw(', canChunk: true },
  { name: 'node:http', open: overHttp, fix: 'request.rawBody', canChunk: true },
  { name: 'Fastify 5', open: overFastify, fix: 'hooks that replace or consume it', canChunk: true },
  { name: 'Hono', open: overHono, fix: 'request.clone()', canChunk: true },
  { name: 'a route of Next.js', open: overNext, fix: 'request.clone()', canChunk: true },
  { name: 'NestJS', open: overNest, fix: 'rawBody: true', canChunk: true },
]
