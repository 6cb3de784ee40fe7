// The four systems: how a receiver of each is set up, and what its sender sends.
import { generateKeyPairSync } from 'node:crypto'

import { Signer } from 'hookproof'

const SECRET = 'test-sign-secret-7c1f'
const STANDARD_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const ISSUER = 'https://issuer.example'
const AUDIENCE = 'tickets'
const STALE_SECONDS = 7200

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'RS256', use: 'sig' }] }
const token = {
  secret: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  keyId: 'a',
  issuer: ISSUER,
  audience: AUDIENCE,
  claims: { sub: 'robot' },
}

/** `status` is the answer to what is not authentic; `isTimed` says that a request gets too old. */
export const SYSTEMS = [
  {
    provider: 'fourvenues',
    options: { secret: SECRET },
    signer: { secret: SECRET },
    text: '{"id":"5f7b","event":"payment.success","payload":{"payment_id":"p1"}}',
    type: 'payment.success',
    status: 403,
    coversBody: true,
  },
  {
    provider: 'eventsair',
    options: { secret: STANDARD_SECRET },
    signer: { secret: STANDARD_SECRET },
    text: '{"type":"Event.Contact.Created","data":{"contactId":"c1"}}',
    parts: { id: 'msg_1' },
    type: 'Event.Contact.Created',
    status: 401,
    coversBody: true,
    isTimed: true,
  },
  {
    provider: 'fast-events',
    options: { secret: SECRET },
    signer: { secret: SECRET },
    text: '{"id":14810,"event_id":44}',
    parts: { type: 'order.created' },
    type: 'order.created',
    status: 200,
    coversBody: true,
  },
  {
    provider: 'pitchpoint',
    options: { issuer: ISSUER, audience: AUDIENCE, jwks, claims: { sub: 'robot' } },
    signer: token,
    text: '{"message":"This is a test message","order_id":"12345"}',
    parts: { id: 'f1', type: 'orders/placed' },
    type: 'orders/placed',
    status: 403,
    coversBody: false,
    isTimed: true,
  },
]

/** Signs a system's event, or another body as that system. */
export function signedBy({ provider, signer, text, parts, isTimed }, { body = text, isStale = false } = {}) {
  const now = Math.floor(Date.now() / 1000) - (isStale && isTimed ? STALE_SECONDS : 0)
  const signed = new Signer(provider, signer).sign(body, { ...parts, now })
  const headers = { 'Content-Type': 'application/json', ...signed.headers }
  return { method: 'POST', headers, body: Buffer.from(signed.body) }
}

/** Signs what somebody sends who does not have the key. */
export function forgedFor(system) {
  const signed = signedBy(system)
  if (system.coversBody) return { ...signed, body: Buffer.from(`${system.text} `) }
  const [head, claims] = signed.headers.Authorization.split('.')
  return { ...signed, headers: { ...signed.headers, Authorization: `${head}.${claims}.AAAA` } }
}
