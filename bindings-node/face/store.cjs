'use strict'

const { fileURLToPath } = require('node:url')

const { unixMillis } = require('./clock.cjs')
const { invalidOption, unwrap } = require('./errors.cjs')
const native = require('./native.cjs')
const options = require('./options.cjs')

const STORE_OPTIONS = ['capacity']
const SQLITE_OPTIONS = ['timeoutSeconds']

class MemoryStore {
  #native

  constructor(given) {
    const { capacity } = options.optionsOf('MemoryStore', given, STORE_OPTIONS)
    if (capacity === 0)
      throw invalidOption('the option capacity is 0, and a store without room refuses every delivery')
    this.#native = new native.MemoryStore(options.whole('the option capacity', capacity, 0xffff_ffff))
  }

  get size() {
    return this.#native.size()
  }

  claim(key, leaseSeconds) {
    const lease = required('the lease', options.seconds('the lease', leaseSeconds))
    const { state, owner } = this.#native.claim(keyOf(key), unixMillis(), lease)
    // To evict a running claim would let its event be handled twice at once; the sender of this one comes back.
    if (state === 'full')
      throw new Error('the store has no room: every delivery that it holds is being handled')
    return Object.freeze({ state, owner: owner ?? null })
  }

  complete(key, owner, retentionSeconds) {
    const retention = required('the retention', options.seconds('the retention', retentionSeconds))
    return this.#native.complete(keyOf(key), ownerOf(owner), unixMillis(), retention)
  }

  release(key, owner) {
    return this.#native.release(keyOf(key), ownerOf(owner))
  }
}

class SqliteStore {
  #native

  constructor(path, given) {
    const { timeoutSeconds } = options.optionsOf('SqliteStore', given, SQLITE_OPTIONS)
    const timeout = options.seconds('the option timeoutSeconds', timeoutSeconds)
    this.#native = unwrap(native.openSqliteStore(pathOf(path), timeout))
  }

  async claim(key, leaseSeconds) {
    const lease = required('the lease', options.seconds('the lease', leaseSeconds))
    const { state, owner } = answered(await this.#native.claim(keyOf(key), unixMillis(), lease))
    return Object.freeze({ state, owner: owner ?? null })
  }

  async complete(key, owner, retentionSeconds) {
    const retention = required('the retention', options.seconds('the retention', retentionSeconds))
    return answered(await this.#native.complete(keyOf(key), ownerOf(owner), unixMillis(), retention))
  }

  async release(key, owner) {
    return answered(await this.#native.release(keyOf(key), ownerOf(owner)))
  }

  async close() {
    answered(await this.#native.close())
  }
}

/** Returns what a store answered, or throws why it cannot be asked, which comes as text. */
function answered(answer) {
  if (typeof answer !== 'string') return answer
  throw Object.assign(new Error(answer), { code: 'store_unavailable' })
}

function pathOf(path) {
  if (path instanceof URL) return fileURLToPath(path)
  const text = options.text('the path', path)
  if (text === undefined) throw options.wrongType('the path', path, 'a string or a file URL')
  return text
}

function keyOf(key) {
  if (typeof key !== 'string') throw options.wrongType('the key', key, 'a string')
  return key
}

function ownerOf(owner) {
  return required('the owner', options.whole('the owner', owner))
}

function required(what, value) {
  if (value === undefined) throw options.wrongType(what, value, 'a number')
  return value
}

module.exports = { MemoryStore, SqliteStore }
