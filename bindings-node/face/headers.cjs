'use strict'

const { isAbsent, wrongType } = require('./options.cjs')

const SHAPES = 'an object, Headers, a Map, pairs or rawHeaders'
const ASCII = /^[!-~]*$/

/** Lists the names of all header lines. */
function namesOf(headers) {
  const names = []
  forEachLine(headers, (name, value) => {
    if (!isAbsent(value)) names.push(name)
  })
  return names
}

/** Lists the lines of certain headers as pairs of a name and a value. */
function linesOf(headers, names) {
  const values = []
  new HeaderPicker(names).pick(headers, values, 0)
  return names.flatMap((name, index) => [values[index] ?? []].flat().map((value) => [name, value]))
}

/** Picks the headers that a verifier reads out of any shape that Node has for headers. */
class HeaderPicker {
  #names
  #lengths = 0

  constructor(names) {
    this.#names = names.map((name) => name.toLowerCase())
    for (const { length } of names) this.#lengths |= 1 << (length & 31)
  }

  /** Fills the places from `first` on: a string for one line, an array for several; what is absent stays as it is. */
  pick(headers, values, first) {
    forEachLine(headers, (name, value) => {
      const index = this.#indexOf(name)
      if (index !== -1) add(values, first + index, value, name)
    })
  }

  #indexOf(name) {
    // Most headers of a request are of no interest, and most of those have another length than any that is.
    if ((this.#lengths & (1 << (name.length & 31))) === 0) return -1
    const index = this.#names.indexOf(name)
    // ASCII alone has upper and lower case here: to toLowerCase the Kelvin sign is a k as well.
    return index === -1 && ASCII.test(name) ? this.#names.indexOf(name.toLowerCase()) : index
  }
}

/** Calls `take(name, value)` for each header of any shape; a value may be a list of lines. */
function forEachLine(headers, take) {
  if (typeof headers !== 'object' || headers === null) throw wrongType('headers', headers, SHAPES)
  if (Array.isArray(headers) && typeof headers[0] === 'string') return forEachFlat(headers, take)
  if (typeof headers[Symbol.iterator] === 'function') return forEachPair(headers, take)
  // Own members only: a polluted prototype must not be able to add a header to every request.
  for (const name of Object.keys(headers)) take(name, headers[name])
}

function forEachFlat(headers, take) {
  if (headers.length % 2 !== 0) throw wrongType('headers', headers, 'as many names as values in rawHeaders')
  for (let at = 0; at < headers.length; at += 2) take(nameOf(headers[at]), headers[at + 1])
}

function forEachPair(headers, take) {
  for (const pair of headers) {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw wrongType('a header', pair, 'a pair of a name and a value')
    take(nameOf(pair[0]), pair[1])
  }
}

function nameOf(name) {
  if (typeof name !== 'string') throw wrongType("a header's name", name, 'a string')
  return name
}

/** Adds a header's value: one line, or a list of lines, as IncomingHttpHeaders has it. */
function add(values, index, value, name) {
  if (isAbsent(value)) return
  if (!Array.isArray(value)) return addLine(values, index, value, name)
  for (const line of value) addLine(values, index, line, name)
}

/** Adds a line and keeps those before it: two lines of one header must be seen as two. */
function addLine(values, index, line, name) {
  if (typeof line !== 'string') throw wrongType(`the header ${JSON.stringify(name)}`, line, 'a string')
  const known = values[index]
  values[index] = known === undefined ? line : [].concat(known, line)
}

module.exports = { forEachLine, HeaderPicker, linesOf, namesOf }
