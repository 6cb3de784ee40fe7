'use strict'

const { randomInt } = require('node:crypto')

const { unwrap } = require('../errors.cjs')
const native = require('../native.cjs')
const options = require('../options.cjs')
const { keyOf, millisOf, newOwner, ownerOf, timeoutOf, within } = require('./values.cjs')

const STORE_OPTIONS = ['table', 'timeoutSeconds']
const DEFAULT_TABLE = 'hookproof_deliveries'
const DEFAULT_CLEAR_LIMIT = 1000

class PostgresStore {
  #pool
  #statements
  #timeoutMs

  constructor(pool, given) {
    const { table, timeoutSeconds } = options.optionsOf('PostgresStore', given, STORE_OPTIONS)
    if (typeof pool?.query !== 'function') throw options.wrongType('the pool', pool, 'a Pool of pg')
    this.#pool = pool
    const name = options.text('the option table', table) ?? DEFAULT_TABLE
    this.#statements = unwrap(native.sqlStatements(name))
    this.#timeoutMs = timeoutOf(timeoutSeconds)
  }

  async claim(key, leaseSeconds) {
    const owner = newOwner()
    const values = { delivery: keyOf(key), owner, millis: millisOf('the lease', leaseSeconds) }
    // A claim that nobody knows any more would keep the sender away until its lease ends.
    const tooLate = ({ rows }) => rows.length > 0 && this.release(key, owner)
    const { rows } = await this.#run(this.#statements.claim, values, tooLate)
    if (rows.length === 0) return this.#taken(values)
    if (randomInt(this.#statements.claimsPerClearing) === 0) await this.#clearQuietly()
    return Object.freeze({ state: 'new', owner })
  }

  async complete(key, owner, retentionSeconds) {
    const millis = millisOf('the retention', retentionSeconds)
    const values = { delivery: keyOf(key), owner: ownerOf(owner), millis }
    return (await this.#run(this.#statements.complete, values)).rowCount === 1
  }

  async release(key, owner) {
    const values = { delivery: keyOf(key), owner: ownerOf(owner) }
    return (await this.#run(this.#statements.release, values)).rowCount === 1
  }

  async clear(limit) {
    const most = options.whole('the limit', limit) ?? DEFAULT_CLEAR_LIMIT
    return (await this.#run(this.#statements.clear, { limit: most })).rowCount
  }

  async createTable() {
    try {
      await this.#create()
    } catch {
      // `IF NOT EXISTS` looks before it writes: of two processes that start at once one may fail, and then finds the
      // table of the other.
      await this.#create()
    }
  }

  async #create() {
    for (const text of this.#statements.schema) await this.#run({ text, parameters: [] }, {})
  }

  async #taken(values) {
    const { rows } = await this.#run(this.#statements.state, values)
    // No row: it ended or was given back between the two statements. The sender comes back and finds it free.
    const state = rows.length > 0 && Object.values(rows[0])[0] === 'done' ? 'done' : 'running'
    return Object.freeze({ state, owner: null })
  }

  async #clearQuietly() {
    try {
      await this.clear(this.#statements.clearedAtOnce)
    } catch {
      // The claim is made, and another one will clear.
    }
  }

  #run({ text, parameters }, values, tooLate) {
    const answer = this.#pool.query(
      text,
      parameters.map((name) => values[name]),
    )
    return within(this.#timeoutMs, 'PostgreSQL', answer, tooLate)
  }
}

module.exports = { PostgresStore }
