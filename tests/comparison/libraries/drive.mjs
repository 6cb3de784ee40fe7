// Puts the cases to one library of Node: drive.mjs LIBRARY ROOT, cases on standard input, answers on standard output.
// It is copied to where the libraries are installed and runs there; ROOT is the repository, which has hookproof. Every
// library is called as its own documentation recommends, with its defaults.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [name, root] = process.argv.slice(2)
const require = createRequire(import.meta.url)
const issuer = 'https://issuer.example'
const audience = 'acme'

class NotOffered extends Error {}

/** Some say by a value that they refuse, which is as good as an error with a type. */
const REFUSED = Symbol('refused')

function bodyOf(call) {
  if (call.body_base64 != null) return Buffer.from(call.body_base64, 'base64')
  return 'body_text' in call ? call.body_text : call.body_parsed
}

/** For libraries that take text alone: what their guides do with a body. */
function textOf(call) {
  const body = bodyOf(call)
  return Buffer.isBuffer(body) ? body.toString('utf8') : body
}

function oneSecret(call) {
  if (Array.isArray(call.secret)) throw new NotOffered()
  return call.secret
}

/**
 * A Fetch request can hold neither a parsed body nor text beyond Latin-1 in a header; it rewrites lone surrogates and
 * strips blanks itself, so that the library never sees them.
 */
function requestOf(call, headers) {
  const body = bodyOf(call)
  const held = Buffer.isBuffer(body) || (typeof body === 'string' && body.isWellFormed())
  if (!held || headers.some(([, value]) => value !== value.trim())) throw new NotOffered()
  try {
    return new Request('https://receiver.example/hooks', { method: 'POST', headers, body })
  } catch {
    throw new NotOffered()
  }
}

const LIBRARIES = {
  async standardwebhooks() {
    const { Webhook, WebhookVerificationError } = require('standardwebhooks')
    return {
      families: ['standard'],
      documented: (error) => error instanceof WebhookVerificationError,
      verifier(call) {
        const webhook = new Webhook(oneSecret(call))
        return () => webhook.verify(bodyOf(call), call.headers)
      },
    }
  },

  async svix() {
    const { Webhook, WebhookVerificationError } = require('svix')
    return {
      families: ['standard'],
      documented: (error) => error instanceof WebhookVerificationError,
      verifier(call) {
        const webhook = new Webhook(oneSecret(call))
        return () => webhook.verify(bodyOf(call), call.headers)
      },
    }
  },

  async stripe() {
    const Stripe = require('stripe')
    const stripe = new Stripe('sk_test_comparison')
    return {
      families: ['stripe'],
      documented: (error) => error instanceof Stripe.errors.StripeSignatureVerificationError,
      verifier(call) {
        const secret = oneSecret(call)
        return () => stripe.webhooks.constructEvent(bodyOf(call), call.headers['stripe-signature'], secret)
      },
    }
  },

  async '@hookflo/tern'() {
    const { WebhookVerificationService } = require('@hookflo/tern')
    const platforms = { standard: 'clerk', stripe: 'stripe', github: 'github' }
    const sent = (family, header) =>
      family === 'standard' ? header.toLowerCase().replace('webhook', 'svix') : header
    return {
      families: Object.keys(platforms),
      documented: () => false,
      verifier(call) {
        const headers = Object.entries(call.headers).map(([header, value]) => [
          sent(call.family, header),
          value,
        ])
        const config = { platform: platforms[call.family], secret: oneSecret(call) }
        requestOf(call, headers)
        return async () => {
          const result = await WebhookVerificationService.verify(requestOf(call, headers), config)
          return result.isValid ? undefined : REFUSED
        }
      },
    }
  },

  async '@octokit/webhooks-methods'() {
    const { verify, verifyWithFallback } = await import('@octokit/webhooks-methods')
    return {
      families: ['github'],
      // What it finds wrong with its arguments bears its name.
      documented: (error) => error.message.startsWith('[@octokit/webhooks-methods]'),
      verifier(call) {
        const signature = call.headers['x-hub-signature-256']
        const [secret, ...more] = [call.secret].flat()
        return async () => {
          const valid = more.length
            ? await verifyWithFallback(secret, textOf(call), signature, more)
            : await verify(secret, textOf(call), signature)
          return valid ? undefined : REFUSED
        }
      },
    }
  },

  async jose() {
    const { createRemoteJWKSet, jwtVerify, errors } = await import('jose')
    return {
      families: ['token', 'keys'],
      documented: (error) => error instanceof errors.JOSEError,
      tokenVerifier(url) {
        const keys = createRemoteJWKSet(new URL(url))
        return (token) => jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256'] })
      },
    }
  },

  async jsonwebtoken() {
    const jwt = require('jsonwebtoken')
    const jwksClient = require('jwks-rsa')
    const classes = [jwt.JsonWebTokenError, jwksClient.JwksError, jwksClient.SigningKeyNotFoundError]
    return {
      families: ['token', 'keys'],
      documented: (error) => classes.some((Class) => error instanceof Class),
      tokenVerifier(url, rateLimit = false) {
        const client = jwksClient({ jwksUri: url, rateLimit })
        const key = (header, done) =>
          client.getSigningKey(header.kid, (error, found) => done(error, found?.getPublicKey()))
        return (token) =>
          new Promise((resolve, reject) =>
            jwt.verify(token, key, { issuer, audience, algorithms: ['RS256'] }, (error, claims) =>
              error ? reject(error) : resolve(claims),
            ),
          )
      },
    }
  },

  async 'jsonwebtoken, rateLimit'() {
    const library = await LIBRARIES.jsonwebtoken()
    return { ...library, families: ['keys'], tokenVerifier: (url) => library.tokenVerifier(url, true) }
  },

  async hookproof() {
    const { Verifier, HookproofError } = require(join(root, 'bindings-node/face/index.cjs'))
    return {
      families: ['standard', 'stripe', 'github', 'token', 'keys'],
      documented: (error) => error instanceof HookproofError,
      verifier(call) {
        const provider = call.family === 'standard' ? 'standard-webhooks' : call.family
        const verifier = new Verifier(provider, { secret: call.secret })
        return () => void verifier.verify(bodyOf(call), call.headers)
      },
      tokenVerifier(url) {
        const options = { issuer, audience, jwksUri: url, allowInsecureLoopback: true }
        const verifier = new Verifier('jwt-bearer', options)
        return (token) => verifier.verifyAsync('{}', { authorization: `Bearer ${token}` })
      },
    }
  },
}

/** Asks one question. */
async function answer(library, { call, family, timed }) {
  let verify
  let last
  if (call.url) {
    const verifyToken = library.tokenVerifier(call.url)
    for (const token of call.tokens) {
      verify = () => verifyToken(token)
      last = await attempt(library, verify)
    }
  } else {
    try {
      verify = library.verifier({ ...call, family })
    } catch (error) {
      if (error instanceof NotOffered) return { verdict: 'not offered' }
      return { verdict: 'refused', error: error.constructor.name, when: 'construction' }
    }
    last = await attempt(library, verify)
  }
  return timed ? { ...last, milliseconds: await fastest(library, verify) } : last
}

async function attempt(library, verify) {
  try {
    return { verdict: (await verify()) === REFUSED ? 'refused' : 'accepted' }
  } catch (error) {
    const typed = library.documented(error)
    const found = { verdict: typed ? 'refused' : 'untyped', error: error.constructor.name }
    return typed && typeof error.code === 'string' ? { ...found, code: error.code } : found
  }
}

/** Measures processor time, for a busy machine takes none of that. */
async function fastest(library, verify) {
  const found = []
  for (let run = 0; run < 3; run += 1) {
    const start = process.cpuUsage()
    await attempt(library, verify)
    const { user, system } = process.cpuUsage(start)
    found.push((user + system) / 1000)
  }
  return Math.min(...found)
}

const library = await LIBRARIES[name]()
const answers = {}
for (const question of JSON.parse(readFileSync(0, 'utf8'))) {
  if (library.families.includes(question.family)) answers[question.id] = await answer(library, question)
}
process.stdout.write(JSON.stringify({ answers }), () => process.exit(0))
