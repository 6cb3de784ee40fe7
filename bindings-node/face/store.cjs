'use strict'

const { invalidOption } = require('./errors.cjs')
const native = require('./native.cjs')
const options = require('./options.cjs')

const STORE_OPTIONS = ['capacity']

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
    const { state, owner } = this.#native.claim(keyOf(key), Date.now(), lease)
    // To evict a running claim would let its event be handled twice at once; the sender of this one comes back.
    if (state === 'full')
      throw new Error('the store has no room: every delivery that it holds is being handled')
    return Object.freeze({ state, owner: owner ?? null })
  }

  complete(key, owner, retentionSeconds) {
    const retention = required('the retention', options.seconds('the retention', retentionSeconds))
    return this.#native.complete(keyOf(key), ownerOf(owner), Date.now(), retention)
  }

  release(key, owner) {
    return this.#native.release(keyOf(key), ownerOf(owner))
  }
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

module.exports = { MemoryStore }
