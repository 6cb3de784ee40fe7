// The headers of a request as Express has them: what Node's own parser made of a request that came in.
import { createServer, request } from 'node:http'

/** Sends a request to a server of this process, and gives the headers that arrive there. */
export async function headersOfExpress(headers) {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await new Promise((resolve, reject) => {
      server.on('request', (received, response) => {
        resolve(received.headers)
        response.end()
      })
      const { port } = server.address()
      request({ host: '127.0.0.1', port, method: 'POST', headers, agent: false }).on('error', reject).end()
    })
  } finally {
    server.close()
  }
}
