'use strict'

const ZERO = 48
const SEMICOLON = 59
const ERROR_MARK = 33

/**
 * Reads the fields of a record, the flat text in which the native module gives an event or an error. A word ends with a
 * semicolon; a text starts with its length, which is a word. `bindings-node/src/convert.rs` writes it.
 */
class Record {
  constructor(text) {
    this.text = text
    // The first letter says of what kind the record is.
    this.at = 1
  }

  get isError() {
    return this.text.charCodeAt(0) === ERROR_MARK
  }

  get isAtEnd() {
    return this.at >= this.text.length
  }

  /** Reads a word; an absent one is empty. */
  word() {
    const start = this.at
    const end = this.text.indexOf(';', start)
    this.at = end + 1
    return this.text.slice(start, end)
  }

  /** Reads a number; null where there is none. */
  number() {
    const word = this.word()
    return word === '' ? null : Number(word)
  }

  /** Reads a text; null where there is none. */
  string() {
    const { text } = this
    let { at } = this
    let code = text.charCodeAt(at)
    if (code === SEMICOLON) {
      this.at = at + 1
      return null
    }
    let length = 0
    while (code !== SEMICOLON) {
      length = length * 10 + code - ZERO
      code = text.charCodeAt(++at)
    }
    this.at = at + 1 + length
    return text.slice(at + 1, this.at)
  }
}

module.exports = { Record }
