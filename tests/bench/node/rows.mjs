// The rows of the table: which contenders do which work.
import * as ours from './contenders/hookproof.mjs'
import * as peers from './contenders/libraries.mjs'
import * as byHand from './contenders/node-crypto.mjs'
import * as bearer from './contenders/tokens.mjs'
import { withHeaders, withText } from './deliveries.mjs'
import { acceptances, rejections } from './entries.mjs'
import { headersOfExpress } from './express-headers.mjs'

const KIB = 1024
const MIB = 1024 * KIB

/** Lists the rows. The contenders of one are made when it is its turn, and let go after it. */
export async function rowsOf({ signed, tokens }, libraries) {
  const { verify, data, off, peersOf, token } = contendersOf(libraries)
  const of = (name, ...sizes) => signed.filter(({ row, bytes }) => row === name && sizes.includes(bytes))
  const [small] = of('standard-webhooks', 200)
  const asExpress = {
    headers: await headersOfExpress(small.headers),
    rejected: await headersOfExpress(small.rejected),
  }
  const text = [...of('standard-webhooks', KIB, MIB), ...of('hex-hmac', KIB, MIB)].map(withText)
  // The body of a signature alone is no JSON.
  const parsing = (row) => (row === 'signature-alone' ? [] : [byHand.nodeCryptoWithJson])
  const all = ({ row }) => [...verify, byHand.nodeCrypto, ...parsing(row), ...peersOf[row]]
  const row = (name, delivery, makers, entriesOf = acceptances) => ({
    row: name,
    bytes: delivery.bytes,
    contenders: () => entriesOf(makers, delivery),
  })
  return [
    ...signed.map((delivery) => row(delivery.row, delivery, [...all(delivery), byHand.sha256])),
    ...of('standard-webhooks', 200, KIB, 16 * KIB, 256 * KIB, MIB).map((delivery) =>
      row('data', delivery, [...data, byHand.nodeCryptoWithJson, ...peersOf.parsing]),
    ),
    ...of('standard-webhooks', 200, KIB, 16 * KIB).map((delivery) =>
      row('reject', delivery, [...verify, byHand.nodeCrypto, ...peersOf[delivery.row]], rejections),
    ),
    ...of('standard-webhooks', 256 * KIB, MIB).map((delivery) =>
      row('verify-async', delivery, [...off, byHand.nodeCrypto, byHand.webCrypto, byHand.sha256]),
    ),
    row('headers-object', { ...small, ...asExpress }, all(small)),
    row(
      'headers-fetch',
      withHeaders(small, (headers) => new Headers(headers)),
      all(small),
    ),
    ...text.map((delivery) =>
      row(delivery.row === 'hex-hmac' ? 'body-string-hex' : 'body-string', delivery, all(delivery)),
    ),
    row('rs256-first', tokensAs(tokens, tokens.tokens), token.first),
    row('rs256-repeated', tokensAs(tokens, tokens.tokens.slice(0, 1)), token.repeated),
  ]
}

function contendersOf(libraries) {
  const { hookproof, before } = libraries
  const each = (contender, ...rest) => [
    contender(hookproof, 'hookproof', ...rest),
    ...(before ? [contender(before, 'hookproof before', ...rest)] : []),
  ]
  const standardwebhooks = peers.standardwebhooks(libraries.peer('standardwebhooks'))
  const svix = libraries.peer('svix')
  const stripe = libraries.peer('stripe')
  const octokit = peers.octokit(libraries.peer('@octokit/webhooks-methods', 'dist-node/index.js'))
  const tern = peers.tern(libraries.peer('@hookflo/tern'))
  const tokens = [
    bearer.jsonwebtoken(libraries.peer('jsonwebtoken')),
    bearer.jose(libraries.peer('jose')),
    bearer.expressJwt(libraries.peer('express-jwt')),
    bearer.rsa,
  ]
  const fastJwt = libraries.peer('fast-jwt')
  const ourTokens = [
    ...each(bearer.hookproof, false),
    bearer.hookproof(hookproof, 'hookproof, claims read', true),
  ]
  return {
    verify: each(ours.hookproof),
    data: each(ours.hookproofWithData),
    off: [
      ...each(ours.hookproofAsync, 1),
      ours.hookproofAsync(hookproof, 'hookproof, 4 at a time', 4),
      ours.hookproof(hookproof, 'hookproof, verify'),
    ],
    peersOf: {
      parsing: [standardwebhooks, peers.svixWithJson(svix)],
      'standard-webhooks': [standardwebhooks, peers.svix(svix), tern],
      'hex-hmac': [octokit, tern],
      'signature-alone': [octokit, tern],
      stripe: [peers.stripe(stripe), peers.stripeSignature(stripe), tern],
    },
    token: {
      first: [...ourTokens, bearer.fastJwt(fastJwt, false), ...tokens],
      repeated: [...ourTokens, bearer.fastJwt(fastJwt, true), ...tokens],
    },
  }
}

/** Tokens have the form of a delivery, with a pool where that has headers. */
function tokensAs(made, pool) {
  return { ...made, row: 'tokens', otherHeaders: made.headers, headers: pool }
}
