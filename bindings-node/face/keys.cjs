'use strict'

const { fetchDocument, reasonOf } = require('./document.cjs')
const { unwrap } = require('./errors.cjs')

/** How long the native module is not asked again at the most: a clock may have been set meanwhile. */
const LONGEST_QUIET_MS = 60_000

/** What a token is refused with that newer keys may verify. */
const LACKS_KEYS = new Set(['unknown_key', 'keys_unavailable'])

/** Fetches the keys that the core asks for: one fetch at a time, for which everybody waits together. */
class KeyFetcher {
  #keys
  #flight = null
  #quietUntil = 0

  constructor(keys) {
    this.#keys = keys
  }

  /** Tells whether an error may be one of the keys. */
  static lacksKeys(error) {
    return LACKS_KEYS.has(error?.code)
  }

  /** Tells whether newer keys should be fetched; to be asked before the keys are used, for they may have ended. */
  isDue() {
    const now = performance.now()
    if (now < this.#quietUntil) return false
    const freshForMs = this.#keys.freshForMs()
    this.#quietUntil = now + Math.min(Math.max(freshForMs, 0), LONGEST_QUIET_MS)
    return freshForMs === 0
  }

  /**
   * Returns the fetch that is under way, or that this call has started; null where there is no need for one or it is too
   * early. It never rejects: what came of it is what the keys say.
   */
  start(unknownKey) {
    if (this.#flight) return this.#flight
    const request = this.#keys.start(unknownKey)
    if (!request) return null
    this.#flight = this.#fly(request).finally(() => {
      this.#flight = null
      this.#quietUntil = 0
    })
    return this.#flight
  }

  /** Throws where there are no keys. */
  require() {
    unwrap(this.#keys.require())
  }

  async #fly(first) {
    for (let request = first; request; ) request = await this.#make(request)
  }

  async #make(request) {
    try {
      const { status, cacheControl, age, body } = await fetchDocument(request)
      return this.#keys.answered(request.ticket, status, cacheControl, age, body)
    } catch (error) {
      this.#keys.failed(request.ticket, reasonOf(error, request.timeoutMs))
      return null
    }
  }
}

module.exports = { KeyFetcher }
