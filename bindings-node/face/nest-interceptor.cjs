'use strict'

const { lastValueFrom, of } = require('rxjs')

const { receiverFor } = require('./adapter.cjs')
const { begin, bodyOf, open, settleWith } = require('./node-http.cjs')

const FIX = 'keep the bytes with NestFactory.create(AppModule, { rawBody: true })'

/** Makes an interceptor that lets only new, authentic events through to the route. */
function webhook(provider, given) {
  const receiver = receiverFor(provider, given)

  return {
    async intercept(context, next) {
      const http = context.switchToHttp()
      const [request, response] = [http.getRequest(), http.getResponse()]
      const isAnswered = answersItself(context)
      const delivery = await receive(receiver, request)
      if (delivery.reply) return answer(delivery.reply, response, isAnswered)
      request.webhook = delivery.event
      // Nest answers a POST with 201, which some providers take for a failure.
      if (Reflect.getMetadata('__httpCode__', context.getHandler()) === undefined) response.status(200)
      let value
      try {
        value = await lastValueFrom(next.handle(), { defaultValue: undefined })
      } catch (error) {
        // Nest's exception filters choose the answer, as they do for any other route.
        await delivery.fail(error)
        throw error
      }
      if (value === undefined && !isAnswered) return answer(await delivery.complete(), response, false)
      settleWith(response.raw ?? response, delivery)
      return of(value)
    },
  }
}

/** Returns the event that the interceptor let through to this route. */
function eventOf(context) {
  return context.switchToHttp().getRequest().webhook
}

async function receive(receiver, request) {
  const exchange = open(receiver, request.raw ?? request, FIX)
  if (request.method !== 'POST') return exchange.greet()
  const found = await bodyOf(request, receiver.maxBody)
  // Of a sender that went away in the middle there is no body, and nobody reads the answer.
  if (found.isAborted) return exchange.answer('malformed', null)
  if (found.tooLarge) return exchange.tooLarge(found.tooLarge)
  return begin(exchange, found)
}

/** Sends a reply through Nest; where the route has taken the answer into its own hands, Nest sends none. */
function answer({ status, headers, body, outcome }, response, isAnswered) {
  response.status(status)
  for (const [name, value] of Object.entries(headers)) response.header(name, value)
  // The rest of such a body is not read, so the connection is of no more use.
  if (outcome === 'too_large') response.header('Connection', 'close')
  if (isAnswered) response.send(body)
  return of(body === '' ? undefined : body)
}

/** Tells whether the route has `@Res()` or `@Next()`, and not `passthrough`. The names are those of Nest's metadata. */
function answersItself(context) {
  const route = context.getClass()
  const name = nameOf(context.getHandler(), route.prototype)
  const places = Object.keys(Reflect.getMetadata('__routeArguments__', route, name) ?? {})
  const isInjected = places.some((place) => place.startsWith('1:') || place.startsWith('2:'))
  return isInjected && Reflect.getMetadata('__responsePassthrough__', route, name) !== true
}

/** Finds the name of a route's method: Nest's metadata stand under it, and a decorator may have renamed the function. */
function nameOf(handler, prototype) {
  for (let owner = prototype; owner; owner = Object.getPrototypeOf(owner)) {
    const members = Object.entries(Object.getOwnPropertyDescriptors(owner))
    const found = members.find(([, { value }]) => value === handler)
    if (found) return found[0]
  }
  return handler.name
}

module.exports = { eventOf, webhook }
