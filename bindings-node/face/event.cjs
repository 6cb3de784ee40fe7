'use strict'

const { inspect } = require('node:util')

const { present } = require('./body.cjs')
const { handshakeFrom } = require('./handshake.cjs')
const native = require('./native.cjs')
const { proofOf } = require('./proof.cjs')

const INTERNAL = Symbol('event')

class Event {
  #source
  #received
  #record
  #isWritten
  #id
  #type
  #details
  #body
  #data
  #idempotencyKey

  /**
   * Makes the event of a record that `bindings-node/src/event.rs` wrote. The source is what the events of one verifier
   * have in common: the provider's name and the function that makes idempotency keys. `isWritten` tells that the bytes
   * are not those that came but a parsed body, written again. The idempotency key is given where it is known already.
   */
  static [INTERNAL](source, received, record, isWritten, idempotencyKey) {
    return new Event(INTERNAL, source, received, record, isWritten, idempotencyKey)
  }

  constructor(key, source, received, record, isWritten, idempotencyKey) {
    if (key !== INTERNAL) throw new TypeError('an Event is made by verify')
    this.#source = source
    this.#received = received
    this.#record = record
    this.#isWritten = isWritten
    this.#idempotencyKey = idempotencyKey
    this.#id = record.string()
    this.#type = record.string()
    Object.freeze(this)
  }

  get provider() {
    return this.#source.provider
  }

  get id() {
    return this.#id
  }

  get type() {
    return this.#type
  }

  get data() {
    if (this.#data === undefined) {
      const { body } = this
      const { isUnread, dataStart, dataEnd } = this.#read()
      if (isUnread) this.#data = native.isJson(body) ? JSON.parse(textOf(body)) : null
      else this.#data = dataStart === null ? null : JSON.parse(textOf(body, dataStart, dataEnd))
    }
    return this.#data
  }

  get body() {
    const { length, rewritten } = this.#read()
    this.#body ??= signedBytes(this.#received, length, rewritten)
    return present(this.#body)
  }

  get sentAt() {
    return dateOf(this.#read().sentAt)
  }

  get occurredAt() {
    return dateOf(this.#read().occurredAt)
  }

  get attributes() {
    return this.#read().attributes
  }

  get idempotencyKey() {
    this.#idempotencyKey ??= this.#source.idempotencyKey(this.#id, this.#type, this.body)
    return this.#idempotencyKey
  }

  get isPing() {
    return this.#read().isPing
  }

  get handshake() {
    return this.#read().handshake
  }

  get proof() {
    return this.#read().proof
  }

  /** Shows no body and no payload: they hold personal data. */
  [inspect.custom](_depth, options) {
    const { provider, id, type, isPing, proof } = this
    const { length: bodyBytes } = this.#read()
    return `Event ${inspect({ provider, id, type, isPing, bodyBytes, covers: proof.covers }, options)}`
  }

  /** Reads the rest of the record when it is first asked for: a handler may look at nothing but the type. */
  #read() {
    this.#details ??= detailsOf(this.#record, this.#isWritten)
    return this.#details
  }
}

function detailsOf(record, isWritten) {
  return {
    isPing: record.word() === '1',
    sentAt: record.number(),
    occurredAt: record.number(),
    isUnread: record.word() === '1',
    dataStart: record.number(),
    dataEnd: record.number(),
    length: record.number(),
    rewritten: record.string(),
    proof: proofOf(record, isWritten),
    handshake: handshakeFrom(record),
    attributes: attributesOf(record),
  }
}

/** Returns the bytes that were signed: those that came, without what the provider trims off, or those written anew. */
function signedBytes(received, length, rewritten) {
  if (rewritten !== null) return Buffer.from(rewritten, 'utf8')
  return length === received.length ? received : present(received).subarray(0, length)
}

function attributesOf(record) {
  // Without a prototype, so that no attribute's name finds or sets anything but the attribute.
  const attributes = Object.create(null)
  while (!record.isAtEnd) attributes[record.string()] = record.string()
  return Object.freeze(attributes)
}

function textOf(bytes, start, end) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', start, end)
}

function dateOf(milliseconds) {
  if (milliseconds === null) return null
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? null : date
}

module.exports = { Event, eventOf: Event[INTERNAL] }
