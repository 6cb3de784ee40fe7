// Bearer tokens: each contender gets a pool of them and takes the next one in every call.
import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'

import { flat } from '../deliveries.mjs'

/** The floor: one RSA verification with a parsed key, of bytes that are at hand. */
export const rsa = ({ public_key }) => {
  const key = createPublicKey(public_key)
  return {
    name: 'RSA verification',
    judge(tokens) {
      const next = turning(tokens.map(partsOf))
      return {
        run() {
          const { signed, signature } = next()
          return verify('sha256', signed, key, signature)
        },
      }
    },
  }
}

/** hookproof, which reads its token out of the headers; the claims are read where that is wanted. */
export const hookproof =
  ({ Verifier }, name, readsClaims) =>
  (made) => ({
    name,
    judge(tokens) {
      const { body, issuer, audience, jwks, otherHeaders: headers } = made
      const requests = tokens.map((token) => ({ ...headers, authorization: flat(`Bearer ${token}`) }))
      const next = turning(requests)
      const fresh = () => new Verifier(made.provider, { issuer, audience, jwks })
      let verifier = fresh()
      let left = requests.length
      return {
        // What one verifier has seen, it may remember. In a pool of more than one, none is seen twice.
        prepare(calls) {
          if (left < calls && requests.length > 1) {
            assert.ok(calls <= requests.length)
            verifier = fresh()
            left = requests.length
          }
          left -= calls
        },
        run() {
          const event = verifier.verify(body, next())
          // Neither is in a token: the event of this provider has none.
          const isRead = event.id === null && event.type === null
          return readsClaims ? isRead && event.proof.claims : isRead
        },
      }
    },
  })

export const jose =
  ({ createLocalJWKSet, jwtVerify }) =>
  ({ jwks, issuer, audience }) => {
    const keys = createLocalJWKSet(jwks)
    const options = { issuer, audience, algorithms: ['RS256'] }
    return { name: 'jose', judge: perToken((token) => jwtVerify(token, keys, options)) }
  }

export const jsonwebtoken =
  (library) =>
  ({ public_key, issuer, audience }) => {
    const key = createPublicKey(public_key)
    const options = { issuer, audience, algorithms: ['RS256'] }
    return { name: 'jsonwebtoken', judge: perToken((token) => library.verify(token, key, options)) }
  }

/** Its cache of verified tokens is off unless asked for. */
export const fastJwt =
  ({ createVerifier }, cache) =>
  ({ public_key, issuer, audience }) => {
    const options = {
      key: public_key,
      algorithms: ['RS256'],
      allowedIss: issuer,
      allowedAud: audience,
      cache,
    }
    return { name: cache ? 'fast-jwt, cached' : 'fast-jwt', judge: perToken(createVerifier(options)) }
  }

/** A middleware, called as Express calls it. */
export const expressJwt =
  ({ expressjwt }) =>
  ({ public_key, issuer, audience }) => {
    const middleware = expressjwt({
      secret: createPublicKey(public_key),
      issuer,
      audience,
      algorithms: ['RS256'],
    })
    return {
      name: 'express-jwt',
      judge(tokens) {
        const next = turning(tokens.map((token) => ({ authorization: flat(`Bearer ${token}`) })))
        const called = (request, settle) => middleware(request, {}, settle)
        return {
          run: () =>
            new Promise((resolve, reject) => {
              const request = { method: 'POST', headers: next() }
              called(request, (error) => (error ? reject(error) : resolve(request.auth)))
            }),
        }
      },
    }
  }

function perToken(judge) {
  return (tokens) => {
    const next = turning(tokens)
    return { run: () => judge(next()) }
  }
}

function turning(list) {
  let at = -1
  return () => {
    at = at + 1 === list.length ? 0 : at + 1
    return list[at]
  }
}

function partsOf(token) {
  const end = token.lastIndexOf('.')
  return {
    signed: Buffer.from(token.slice(0, end), 'latin1'),
    signature: Buffer.from(token.slice(end + 1), 'base64url'),
  }
}
