'use strict'

const options = require('./options.cjs')
const { Verifier } = require('./verifier.cjs')

/** How many verifiers are kept, the last used ones. */
const CAPACITY = 1024

/** A function that chooses verifiers by secrets, which another function finds. It builds each verifier once. */
function chooseBySecret(provider, { secret: find, endpoint, ...rest }) {
  const nameOf = typeof endpoint === 'function' ? endpoint : () => endpoint
  const verifiers = new Recent(CAPACITY)
  return async function choose(request) {
    const secret = await find(request)
    if (options.isAbsent(secret) || secret instanceof Verifier) return secret
    const name = await nameOf(request)
    const secrets = options.secrets(secret)
    const key = JSON.stringify([name ?? null, ...secrets.map((bytes) => bytes.toString('base64'))])
    return verifiers.get(
      key,
      // Not the given secret, which may be another when it is read again.
      () => new Verifier(provider, { ...rest, secret: secrets, endpoint: name ?? endpointOf(secrets) }),
    )
  }
}

/**
 * Names an endpoint after its first secret, so that no customer's ids pass for those of another, who could send them
 * first on purpose. The name stands in the keys of the store; it is derived slowly, for it may not help to guess a weak
 * secret.
 */
function endpointOf([secret]) {
  if (secret === undefined || secret.length === 0) return undefined
  // Loaded at the first use: a start that chooses no verifier does not wait for it.
  const { scryptSync } = require('node:crypto')
  return `by-secret-${scryptSync(secret, 'hookproof endpoint', 12, { N: 1024 }).toString('hex')}`
}

/** Keeps what was used last. */
class Recent {
  #capacity
  #entries = new Map()

  constructor(capacity) {
    this.#capacity = capacity
  }

  get(key, make) {
    const value = this.#entries.get(key) ?? make()
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#capacity) this.#entries.delete(this.#entries.keys().next().value)
    return value
  }
}

module.exports = { chooseBySecret }
