'use strict'

const native = require('../native.cjs')
const options = require('../options.cjs')
const { keyOf, millisOf, newOwner, ownerOf, timeoutOf, within } = require('./values.cjs')

const STORE_OPTIONS = ['prefix', 'timeoutSeconds']
const DEFAULT_PREFIX = 'hookproof:'
const SCRIPTS = Object.fromEntries(native.redisScripts().map((script) => [script.name, script]))

class RedisStore {
  #caller
  #prefix
  #timeoutMs

  constructor(client, given) {
    const { prefix, timeoutSeconds } = options.optionsOf('RedisStore', given, STORE_OPTIONS)
    this.#caller = callerOf(client)
    this.#prefix = options.text('the option prefix', prefix) ?? DEFAULT_PREFIX
    this.#timeoutMs = timeoutOf(timeoutSeconds)
  }

  async claim(key, leaseSeconds) {
    const [owner, millis] = [newOwner(), millisOf('the lease', leaseSeconds)]
    const answer = this.#run('claim', key, owner, millis)
    // A claim that nobody knows any more would keep the sender away until its lease ends.
    const tooLate = (state) => String(state) === 'new' && this.release(key, owner)
    const state = String(await within(this.#timeoutMs, 'Redis', answer, tooLate))
    return Object.freeze({ state, owner: state === 'new' ? owner : null })
  }

  async complete(key, owner, retentionSeconds) {
    const millis = millisOf('the retention', retentionSeconds)
    return this.#changed(this.#run('complete', key, ownerOf(owner), millis))
  }

  async release(key, owner) {
    return this.#changed(this.#run('release', key, ownerOf(owner)))
  }

  #run(name, key, ...values) {
    return run(this.#caller, SCRIPTS[name], this.#prefix + keyOf(key), values.map(String))
  }

  async #changed(answer) {
    return Number(await within(this.#timeoutMs, 'Redis', answer)) === 1
  }
}

/** Runs a script by its hash, and hands it over where the server does not know it, as after a restart. */
async function run(caller, { sha1, source }, key, values) {
  try {
    return await caller.evalSha(sha1, key, values)
  } catch (error) {
    if (!String(error?.message).startsWith('NOSCRIPT')) throw error
  }
  return caller.eval(source, key, values)
}

/** Calls node-redis or ioredis, which differ in how they take the keys and the arguments of a script. */
function callerOf(client) {
  if (typeof client?.evalSha === 'function' && typeof client.eval === 'function') {
    return {
      evalSha: (sha1, key, values) => client.evalSha(sha1, { keys: [key], arguments: values }),
      eval: (source, key, values) => client.eval(source, { keys: [key], arguments: values }),
    }
  }
  if (typeof client?.evalsha === 'function' && typeof client.eval === 'function') {
    return {
      evalSha: (sha1, key, values) => client.evalsha(sha1, 1, key, ...values),
      eval: (source, key, values) => client.eval(source, 1, key, ...values),
    }
  }
  throw options.wrongType('the client', client, 'a client of node-redis (package redis) or ioredis')
}

module.exports = { RedisStore }
