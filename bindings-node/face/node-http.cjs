'use strict'

// Node's own requests and responses: what the adapters of frameworks on node:http have in common.

/** How much of a body that nobody wants is read, so that its sender gets to read the answer. */
const MOST_DRAINED_BYTES = 1024 * 1024
const MOST_DRAINED_MS = 1000

/**
 * Answers everything that is no new event, and returns the delivery of one that is.
 *
 * The fix is what the error says where something has consumed the body.
 */
async function receive(receiver, request, response, fix) {
  const exchange = open(receiver, request, fix)
  if (request.method !== 'POST') {
    const { reply } = await exchange.greet()
    return void sendUnread(request, response, reply)
  }
  const found = await bodyOf(request, receiver.maxBody)
  if (found.isAborted) return
  if (found.tooLarge) return void sendUnread(request, response, exchange.tooLarge(found.tooLarge).reply)
  const delivery = await begin(exchange, found)
  if (!delivery.reply) return delivery
  send(response, delivery.reply)
}

/** Opens the exchange of a request of node:http, or of a framework that adds to one. */
function open(receiver, request, fix) {
  // The raw lines: in request.headers Node keeps the first of two Authorization headers and joins other duplicates.
  const headers = request.rawHeaders?.length > 0 ? request.rawHeaders : request.headers
  return receiver.open(headers, { method: request.method, target: request.originalUrl ?? request.url, fix })
}

/** Takes what `bodyOf` found, where that was not too large, to the receiver. */
function begin(exchange, { body, isKept }) {
  return body === undefined ? exchange.consumed() : exchange.begin(body, isKept)
}

/** Finds the body: raw bytes from wherever they are, or what a parser has left of them. */
async function bodyOf(request, limit) {
  // Some platforms and frameworks read the stream themselves and keep the bytes here.
  if (Buffer.isBuffer(request.rawBody)) return { body: request.rawBody, isKept: true }
  const { body } = request
  if (Buffer.isBuffer(body) || (typeof body === 'string' && request.readableDidRead))
    return { body, isKept: true }
  // A stream that nobody has read is whole, whatever stands in request.body: Express 4 puts an empty object there.
  if (!request.readableDidRead && request.readableEncoding === null) return readBody(request, request, limit)
  return typeof body === 'object' && body !== null ? { body } : {}
}

/** Reads the raw body: its bytes, or how many there are at least where there are too many. */
function readBody(request, stream, limit) {
  return new Promise((resolve) => {
    const declared = Number(request.headers['content-length'])
    // Before a byte of it is read: a limit that is checked afterwards has let the memory be filled.
    if (declared > limit) return resolve({ tooLarge: declared })
    // Read to its end by something else, or cut off by its sender.
    if (stream.destroyed || stream.readableEnded) return resolve(request.complete ? {} : { isAborted: true })
    const chunks = []
    let length = 0
    const listeners = {
      data: (chunk) => {
        chunks.push(chunk)
        length += chunk.length
        if (length > limit) settle({ tooLarge: length })
      },
      end: () => settle({ body: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length) }),
      // The sender went away in the middle. There is nobody to answer, and half a body is none.
      close: () => settle({ isAborted: true }),
      error: () => settle({ isAborted: true }),
    }
    const settle = (result) => {
      for (const [name, listener] of Object.entries(listeners)) stream.off(name, listener)
      // An error that comes later has no listener any more, and would end the process.
      stream.on('error', () => {})
      stream.pause()
      resolve(result)
    }
    for (const [name, listener] of Object.entries(listeners)) stream.on(name, listener)
  })
}

/** Sends a reply. */
function send(response, reply) {
  if (response.headersSent || response.destroyed) return
  writeHead(response, reply)
  response.end(reply.body)
}

/**
 * Sends a reply to a request whose body was not read, and closes the connection.
 *
 * Node would read the rest to reuse the connection, however long a hostile sender makes it. Closed at once, on the
 * other hand, the connection is reset, and an honest sender may never see the answer: so a bounded rest is read.
 */
function sendUnread(request, response, reply) {
  if (hasNoBody(request)) return send(response, reply)
  if (response.headersSent || response.destroyed) return
  response.setHeader('Connection', 'close')
  writeHead(response, reply)
  response.flushHeaders()
  response.write(reply.body)
  let drained = 0
  const end = () => {
    clearTimeout(timer)
    request.off('data', count)
    request.pause()
    response.end()
  }
  const count = (chunk) => {
    drained += chunk.length
    if (drained > MOST_DRAINED_BYTES) end()
  }
  const timer = setTimeout(end, MOST_DRAINED_MS)
  request.on('error', () => {})
  request.on('data', count)
  request.once('end', end)
  request.once('close', end)
  request.resume()
}

/** Runs a handler that may answer for itself, and sends the provider's reply where it does not. */
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

function writeHead(response, reply) {
  response.statusCode = reply.status
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value)
  response.setHeader('Content-Length', Buffer.byteLength(reply.body))
}

function hasNoBody({ headers, complete }) {
  return (
    complete || (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0)
  )
}

module.exports = { begin, bodyOf, open, readBody, receive, run, send, sendUnread, settleWith }
