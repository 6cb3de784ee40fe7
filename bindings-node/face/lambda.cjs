'use strict'

const { receiverFor } = require('./adapter.cjs')
const { bytesOf } = require('./body.cjs')
const options = require('./options.cjs')

const FIX = 'use the proxy integration, and keep middleware such as httpJsonBodyParser off this function'

/** Makes a function for the HTTP events of AWS Lambda: API Gateway (both formats), function URLs and load balancers. */
function webhook(provider, given, handler) {
  const receiver = receiverFor(provider, given)
  const handle = options.handler(handler)

  return async function hookproofWebhook(event, context) {
    const { method, target, headers } = partsOf(event)
    const exchange = receiver.open(headers, { method, target, fix: FIX })
    if (method !== 'POST') return resultOf((await exchange.greet()).reply, event)
    const size = sizeOf(event)
    if (size > receiver.maxBody) return resultOf(exchange.tooLarge(size).reply, event)
    const delivery = await exchange.begin(bodyOf(event))
    if (delivery.reply) return resultOf(delivery.reply, event)
    return run(() => handle(delivery.event, event, context), delivery, event)
  }
}

function partsOf(event) {
  const method = event?.requestContext?.http?.method ?? event?.httpMethod
  if (typeof method !== 'string')
    throw options.wrongType('the event', event, 'a request of API Gateway, a function URL or a load balancer')
  const path = event.rawPath ?? event.path ?? '/'
  const query = event.rawQueryString ?? queryOf(event)
  return { method, target: query ? `${path}?${query}` : path, headers: headersOf(event) }
}

/** Prefers the lists: of two lines of one header, the plain object has the last. */
function headersOf({ headers, multiValueHeaders }) {
  return multiValueHeaders ?? headers ?? {}
}

/** Writes the query anew. API Gateway has decoded it; a load balancer has not. */
function queryOf({ multiValueQueryStringParameters: lists, queryStringParameters: single, requestContext }) {
  // A lone surrogate has no encoding.
  const encode = requestContext?.elb
    ? (text) => text
    : (text) => encodeURIComponent(String(text).toWellFormed())
  return Object.entries(lists ?? single ?? {})
    .flatMap(([name, values]) => [values].flat().map((value) => `${encode(name)}=${encode(value ?? '')}`))
    .join('&')
}

/** Tells how large the body is at least, before it is decoded. */
function sizeOf({ body, isBase64Encoded }) {
  if (typeof body !== 'string') return 0
  return isBase64Encoded ? Buffer.byteLength(body, 'base64') : Buffer.byteLength(body)
}

function bodyOf({ body, isBase64Encoded }) {
  if (typeof body !== 'string') return body ?? ''
  return isBase64Encoded ? Buffer.from(body, 'base64') : bytesOf(body)
}

/** Runs the handler; its own result is returned, and only a 2xx marks the delivery as done. */
async function run(handle, delivery, event) {
  let result
  try {
    result = await handle()
  } catch (error) {
    return resultOf(await delivery.fail(error), event)
  }
  if (typeof result?.statusCode !== 'number') return resultOf(await delivery.complete(), event)
  await (result.statusCode >= 200 && result.statusCode < 300 ? delivery.complete() : delivery.release())
  return result
}

/** Writes a reply in the form in which the request's headers came: load balancers take no other. */
function resultOf({ status, headers, body }, event) {
  const result = { statusCode: status, body, isBase64Encoded: false }
  if (event.headers || !event.multiValueHeaders) return { ...result, headers: { ...headers } }
  const lists = Object.entries(headers).map(([name, value]) => [name, [value]])
  return { ...result, multiValueHeaders: Object.fromEntries(lists) }
}

module.exports = { webhook }
