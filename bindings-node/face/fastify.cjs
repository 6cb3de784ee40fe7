'use strict'

const { receiverFor } = require('./adapter.cjs')
const { begin, open, readBody, sendUnread, settleWith } = require('./node-http.cjs')
const options = require('./options.cjs')

const FIX = 'let this plugin parse the body: keep hooks that replace or consume it off its prefix'

/** Makes a plugin that receives at the prefix it is registered under. */
function webhook(provider, given, handler) {
  const receiver = receiverFor(provider, given)
  const handle = options.handler(handler)

  // Not wrapped in fastify-plugin: the parsers are for this route alone, and others keep theirs.
  return async function hookproofWebhook(instance) {
    instance.removeAllContentTypeParsers()
    instance.addContentTypeParser('*', (request, stream) => read(request, stream))
    instance.route({
      method: instance.supportedMethods,
      url: '/',
      exposeHeadRoute: false,
      handler: answer,
    })
  }

  /** Reads raw bytes. A stream that a hook has put in the place of the request may have been decoded by it. */
  async function read(request, stream) {
    if (request.method !== 'POST') return undefined
    const found = await readBody(request.raw, stream, receiver.maxBody)
    return { ...found, isKept: stream !== request.raw }
  }

  async function answer(request, reply) {
    const exchange = open(receiver, request.raw, FIX)
    if (request.method !== 'POST') return sendRest((await exchange.greet()).reply, request, reply)
    // Without a body there is nothing to parse, and no parser is called.
    const found = request.body ?? { body: Buffer.alloc(0) }
    if (found.isAborted) return reply.hijack()
    if (found.tooLarge) return sendRest(exchange.tooLarge(found.tooLarge).reply, request, reply)
    const delivery = await begin(exchange, found)
    if (delivery.reply) return send(delivery.reply, reply)
    return run(handle, delivery, request, reply)
  }
}

/** Runs a handler that may answer for itself, and sends the provider's reply where it does not. */
async function run(handle, delivery, request, reply) {
  let answer
  try {
    answer = await handle(delivery.event, request, reply)
  } catch (error) {
    const failed = await delivery.fail(error)
    return reply.sent ? reply : send(failed, reply)
  }
  if (answer === undefined && !reply.sent) return send(await delivery.complete(), reply)
  settleWith(reply.raw, delivery)
  return answer
}

function send({ status, headers, body }, reply) {
  return reply
    .code(status)
    .headers(headers)
    .send(body === '' ? undefined : body)
}

/** Sends a reply to a request whose body was not read to its end. */
function sendRest(answer, request, reply) {
  reply.hijack()
  sendUnread(request.raw, reply.raw, answer)
}

module.exports = { webhook }
