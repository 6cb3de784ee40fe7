// The requests that are measured.
import { readFileSync } from 'node:fs'

/** Reads what deliveries.py wrote. */
export function readDeliveries(path) {
  const { signed, tokens } = JSON.parse(readFileSync(path, 'utf8'))
  return { signed: signed.map(deliveryOf), tokens: tokensOf(tokens) }
}

/** The same delivery with its headers in another shape. */
export function withHeaders(delivery, shape) {
  return { ...delivery, headers: shape(delivery.headers), rejected: shape(delivery.rejected) }
}

/** The same delivery with its body as a string, as a parser of text hands it over. */
export function withText(delivery) {
  return { ...delivery, body: delivery.body.toString('utf8') }
}

function deliveryOf(made) {
  const body = Buffer.from(made.body, 'base64')
  const id = made.headers['webhook-id'] ?? made.headers['x-id'] ?? JSON.parse(body).id
  return { ...made, body, id, type: 'order.paid' }
}

function tokensOf(made) {
  return {
    ...made,
    body: Buffer.from(made.body, 'base64'),
    bytes: made.tokens[0].length,
    tokens: made.tokens.map(flat),
    rejected: made.tokens.slice(0, 1).map((token) => flat(withOtherSignature(token))),
  }
}

function withOtherSignature(token) {
  const at = token.lastIndexOf('.') + 1
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}

/** Copies a text that V8 may hold as a tree of its parts: the texts of a request come in one piece. */
export function flat(text) {
  return Buffer.from(text, 'latin1').toString('latin1')
}
