'use strict'

const { inspect } = require('node:util')

const { replyOf } = require('./reply.cjs')

const INTERNAL = Symbol('handshake')

class Handshake {
  #name
  #reply
  #keep

  static [INTERNAL](made) {
    return new Handshake(INTERNAL, made)
  }

  constructor(key, made) {
    if (key !== INTERNAL) throw new TypeError('a Handshake is made by handshake')
    this.#name = made.name
    this.#reply = replyOf('ping', made.reply)
    this.#keep = made.keep ?? null
    Object.freeze(this)
  }

  get name() {
    return this.#name
  }

  get reply() {
    return this.#reply
  }

  get keep() {
    return this.#keep
  }

  /** Shows neither what to keep nor the reply, which may say it again. */
  [inspect.custom](_depth, options) {
    return `Handshake ${inspect({ name: this.#name, status: this.#reply.status }, options)}`
  }
}

const handshakeOf = Handshake[INTERNAL]

/** Reads the handshake that `bindings-node/src/handshake.rs` wrote; null where the event is none. */
function handshakeFrom(record) {
  const name = record.string()
  if (name === null) return null
  const [status, body, keep] = [record.number(), record.string(), record.string()]
  const headers = []
  for (let count = record.number(); count > 0; count--) headers.push([record.string(), record.string()])
  return handshakeOf({ name, reply: { status, headers, body }, keep })
}

module.exports = { Handshake, handshakeFrom, handshakeOf }
