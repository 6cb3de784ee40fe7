'use strict'

const { inspect } = require('node:util')

const INTERNAL = Symbol('proof')

/** The lists of what is covered: a provider has one, so they are made once and shared. */
const COVERS = new Map()

class Proof {
  #claimsText
  #claims

  /** Reads what `bindings-node/src/proof.rs` wrote. */
  static [INTERNAL](record, isWritten) {
    return new Proof(INTERNAL, record, isWritten)
  }

  constructor(key, record, isWritten) {
    if (key !== INTERNAL) throw new TypeError('a Proof is made by verify')
    this.keyIndex = record.number()
    this.algorithm = record.word()
    const content = record.word()
    // The core took the bytes for what came, and they are not.
    this.content = isWritten ? 'reserialized' : content
    this.covers = coversOf(record.word())
    this.keyLabel = record.string()
    this.#claimsText = record.string()
    Object.freeze(this)
  }

  get claims() {
    if (this.#claims === undefined)
      this.#claims = this.#claimsText === null ? null : JSON.parse(this.#claimsText)
    return this.#claims
  }

  /** Shows no claims: they hold personal data. */
  [inspect.custom](_depth, options) {
    const { covers, keyIndex, keyLabel, algorithm, content } = this
    return `Proof ${inspect({ covers, keyIndex, keyLabel, algorithm, content }, options)}`
  }
}

function coversOf(text) {
  let covers = COVERS.get(text)
  if (covers === undefined) {
    covers = Object.freeze(text === '' ? [] : text.split(','))
    COVERS.set(text, covers)
  }
  return covers
}

module.exports = { Proof, proofOf: Proof[INTERNAL] }
