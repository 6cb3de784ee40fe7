'use strict'

// Node's own requests and responses: what the adapters of server frameworks have in common.

/** How much of a body that nobody wants is read, so that its sender gets to read the answer. */
const MOST_DRAINED_BYTES = 1024 * 1024
const MOST_DRAINED_MS = 1000

/** Reads the raw body: its bytes, or how many there are at least where there are too many, or neither. */
function readBody(request, limit) {
  return new Promise((resolve) => {
    const declared = Number(request.headers['content-length'])
    // Before a byte of it is read: a limit that is checked afterwards has let the memory be filled.
    if (declared > limit) return resolve({ tooLarge: declared })
    if (request.destroyed) return resolve({})
    const chunks = []
    let length = 0
    const listeners = {
      data: (chunk) => {
        chunks.push(chunk)
        length += chunk.length
        if (length > limit) settle({ tooLarge: length })
      },
      end: () => settle({ bytes: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length) }),
      // The sender went away in the middle. There is nobody to answer, and half a body is none.
      close: () => settle({}),
      error: () => settle({}),
    }
    const settle = (result) => {
      for (const [name, listener] of Object.entries(listeners)) request.off(name, listener)
      // An error that comes later has no listener any more, and would end the process.
      request.on('error', () => {})
      request.pause()
      resolve(result)
    }
    for (const [name, listener] of Object.entries(listeners)) request.on(name, listener)
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

module.exports = { readBody, send, sendUnread }
