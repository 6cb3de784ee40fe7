// A real server, and ways to speak to it that well-behaved clients do not have.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'

/** Serves an application until the test is over, and returns where. */
export async function serve(context, application) {
  const server = createServer(application)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address()
  return { port, server, url: `http://127.0.0.1:${port}/hooks` }
}

export async function post(url, { body, headers }) {
  const response = await fetch(url, { method: 'POST', body, headers })
  return { status: response.status, text: await response.text(), headers: response.headers }
}

/** Sends text as it is and returns what comes back until the server closes the connection. */
export async function sendRaw(port, text, { end = true } = {}) {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.on('error', () => {})
  socket.write(text)
  if (end) await once(socket, 'close')
  return end ? answer : socket
}

/** Writes a request with its header lines in their order, duplicates included. */
export function rawRequest(lines, body) {
  const head = [
    'POST /hooks HTTP/1.1',
    'Host: localhost',
    'Connection: close',
    `Content-Length: ${body.length}`,
  ]
  return `${[...head, ...lines].join('\r\n')}\r\n\r\n${body}`
}
