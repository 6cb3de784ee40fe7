'use strict'

const { receiverFor } = require('./adapter.cjs')
const options = require('./options.cjs')

const FIX = 'hand over the request before anything calls its json() or text(), or give that a request.clone()'

/** Makes a function from a Request of the Fetch standard to its Response. */
function webhook(provider, given, handler) {
  const receiver = receiverFor(provider, given)
  const handle = options.handler(handler)

  return async function hookproofWebhook(request, ...rest) {
    const { method, url } = request
    const { pathname, search } = new URL(url)
    const exchange = receiver.open(request.headers, { method, target: pathname + search, fix: FIX })
    if (method !== 'POST') return responseOf((await exchange.greet()).reply)
    const { bytes, tooLarge, isConsumed } = await bodyOf(request, receiver.maxBody)
    if (isConsumed) return responseOf(exchange.consumed().reply)
    if (tooLarge) return responseOf(exchange.tooLarge(tooLarge).reply)
    // The sender went away in the middle: nobody reads this, and half a body is none.
    if (bytes === undefined) return new Response(null, { status: 400 })
    const delivery = await exchange.begin(bytes)
    if (delivery.reply) return responseOf(delivery.reply)
    return run(() => handle(delivery.event, request, ...rest), delivery)
  }
}

/** Reads the raw body: its bytes, or how many there are at least where there are too many, or neither. */
async function bodyOf(request, limit) {
  if (request.bodyUsed) return { isConsumed: true }
  const declared = Number(request.headers.get('content-length'))
  // Before a byte of it is read: a limit that is checked afterwards has let the memory be filled.
  if (declared > limit) return { tooLarge: declared }
  if (request.body === null) return { bytes: new Uint8Array() }
  if (request.body.locked) return { isConsumed: true }
  const reader = request.body.getReader()
  const chunks = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { bytes: Buffer.concat(chunks, length) }
      chunks.push(value)
      length += value.byteLength
      if (length > limit) {
        reader.cancel().catch(() => {})
        return { tooLarge: length }
      }
    }
  } catch {
    return {}
  }
}

/** Runs the handler; its own Response is sent, and only a 2xx marks the delivery as done. */
async function run(handle, delivery) {
  let response
  try {
    response = await handle()
  } catch (error) {
    return responseOf(await delivery.fail(error))
  }
  // Not by instanceof: a framework may have a Response of its own.
  const isResponse = typeof response?.status === 'number' && typeof response.headers?.get === 'function'
  if (!isResponse) return responseOf(await delivery.complete())
  await (response.status >= 200 && response.status < 300 ? delivery.complete() : delivery.release())
  return response
}

function responseOf({ status, headers, body }) {
  return new Response(body === '' ? null : body, { status, headers })
}

module.exports = { webhook }
