'use strict'

const { alreadyParsed } = require('./body.cjs')
const { readBody, send, sendUnread } = require('./http.cjs')
const options = require('./options.cjs')
const { Receiver, RECEIVER_OPTIONS } = require('./receiver.cjs')
const { configuredUrl, Verifier, VERIFIER_OPTIONS } = require('./verifier.cjs')

/** Stands before the path of a request in the place of scheme and host, which are not taken from the request. */
const ORIGIN = 'http://localhost'

/** Makes a middleware that lets only new, authentic events through, or hands them to a handler. */
function webhook(provider, given, handler) {
  const receiver = setUp(provider, given)
  const handle = options.callback('the handler', handler)
  const hasUrl = !needsUrl(receiver.verifier)
  return function hookproofWebhook(request, response, next) {
    answer(receiver, request, response, { hasUrl, handle, next }).catch(next)
  }
}

/** Sorts the options to those that they are for. */
function setUp(provider, given) {
  const isVerifier = provider instanceof Verifier
  const known = [...(isVerifier ? [] : VERIFIER_OPTIONS), ...RECEIVER_OPTIONS]
  const rest = options.optionsOf('webhook', given, [...new Set(known)])
  const pick = (names) =>
    Object.fromEntries(names.filter((name) => name in rest).map((name) => [name, rest[name]]))
  // One limit, that of the receiver: it is checked while the body is read.
  const ofVerifier = VERIFIER_OPTIONS.filter((name) => name !== 'maxBody')
  const verifier = isVerifier ? provider : new Verifier(provider, pick(ofVerifier))
  return new Receiver(verifier, pick(RECEIVER_OPTIONS))
}

/** Tells whether a URL that is signed was not configured: then verification says so, and no made-up URL is tried. */
function needsUrl(verifier) {
  if (configuredUrl(verifier) !== undefined) return false
  const { covers, signed_content: templates } = verifier.provider.describe()
  return covers.includes('url') || templates.some((template) => template.includes('{url'))
}

async function answer(receiver, request, response, { hasUrl, handle, next }) {
  const { method } = request
  // The raw lines: in request.headers Node keeps the first of two Authorization headers and joins other duplicates.
  const headers = request.rawHeaders?.length > 0 ? request.rawHeaders : request.headers
  const url = ORIGIN + (request.originalUrl ?? request.url)
  if (method !== 'POST') {
    const { reply } = await receiver.greet(headers, { method, url })
    return sendUnread(request, response, reply)
  }
  const { bytes, parsed, tooLarge, gone } = await bodyOf(request, receiver.maxBody)
  if (gone) return send(response, receiver.refuse(alreadyParsed()).reply)
  if (tooLarge) return sendUnread(request, response, receiver.refuse(receiver.tooLarge(tooLarge)).reply)
  const body = bytes ?? parsed
  if (body === undefined) return
  const delivery = await receiver.begin(body, headers, { method, url: hasUrl ? url : undefined })
  if (delivery.reply) return send(response, delivery.reply)
  if (handle) return run(handle, delivery, request, response)
  request.webhook = delivery.event
  settleWith(response, delivery)
  next()
}

/** Finds the body: raw bytes from wherever they are, or what a parser has left of them. */
async function bodyOf(request, limit) {
  // Some platforms read the stream themselves and keep the bytes here.
  if (Buffer.isBuffer(request.rawBody)) return { bytes: request.rawBody }
  const { body } = request
  if (Buffer.isBuffer(body) || (typeof body === 'string' && request.readableDidRead)) return { bytes: body }
  // A stream that nobody has read is whole, whatever stands in request.body: Express 4 puts an empty object there.
  if (!request.readableDidRead && request.readableEncoding === null) return readBody(request, limit)
  return typeof body === 'object' && body !== null ? { parsed: body } : { gone: true }
}

async function run(handle, delivery, request, response) {
  try {
    await handle(delivery.event, request, response)
  } catch (error) {
    const reply = await delivery.fail(error)
    // Half an answer must not look like a whole one.
    if (response.headersSent && !response.writableEnded) return response.destroy()
    return send(response, reply)
  }
  if (response.headersSent) return settleWith(response, delivery)
  send(response, await delivery.complete())
}

/** Ends a delivery with the answer of the application: done when a 2xx was sent, given back in any other case. */
function settleWith(response, delivery) {
  const settle = () => {
    response.off('finish', settle)
    response.off('close', settle)
    const isDone = response.writableFinished && response.statusCode >= 200 && response.statusCode < 300
    return isDone ? delivery.complete() : delivery.release()
  }
  if (response.writableFinished || response.destroyed) return settle()
  response.once('finish', settle)
  response.once('close', settle)
}

module.exports = { webhook }
