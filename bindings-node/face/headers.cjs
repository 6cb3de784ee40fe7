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
  const picked = new HeaderPicker(names).pick(headers)
  return names.flatMap((name, index) => [picked[index] ?? []].flat().map((value) => [name, value]))
}

/** Picks the headers that a verifier reads out of any shape that Node has for headers. */
class HeaderPicker {
  #names
  #lengths = 0
  #none

  constructor(names) {
    this.#names = names.map((name) => name.toLowerCase())
    this.#none = names.map(() => undefined)
    for (const { length } of names) this.#lengths |= 1 << (length & 31)
  }

  /** Returns what there is of each header: a string for one line, an array for several, undefined for none. */
  pick(headers) {
    const lines = this.#none.slice()
    if (!isPlain(headers)) return this.#pickLines(headers, lines)
    // Own members only: a polluted prototype must not be able to add a header to every request.
    const names = Object.keys(headers)
    for (let at = 0; at < names.length; at++) {
      const name = names[at]
      const index = this.#indexOf(name)
      if (index !== -1) add(lines, index, headers[name], name)
    }
    return lines
  }

  /** As pick, for one name: most providers sign one header, which is found without a list of what there is of each. */
  pickOnly(headers) {
    if (!isPlain(headers)) return this.pick(headers)[0]
    const names = Object.keys(headers)
    let line
    for (let at = 0; at < names.length; at++) {
      const name = names[at]
      if (this.#indexOf(name) !== -1) {
        // Read once: a getter may give something else the next time.
        const value = headers[name]
        // A second line, or what is no text: rare enough to begin anew.
        if (line !== undefined || typeof value !== 'string') return this.pick(headers)[0]
        line = value
      }
    }
    return line
  }

  #pickLines(headers, lines) {
    forEachLine(headers, (name, value) => {
      const index = this.#indexOf(name)
      if (index !== -1) add(lines, index, value, name)
    })
    return lines
  }

  #indexOf(name) {
    // Most headers of a request are of no interest, and most of those have another length than any that is.
    if ((this.#lengths & (1 << (name.length & 31))) === 0) return -1
    const index = this.#placeOf(name)
    // ASCII alone has upper and lower case here: to toLowerCase the Kelvin sign is a k as well.
    return index === -1 && ASCII.test(name) ? this.#placeOf(name.toLowerCase()) : index
  }

  /** As indexOf, which takes longer to start than a few names take to compare. */
  #placeOf(name) {
    const names = this.#names
    for (let index = 0; index < names.length; index++) if (names[index] === name) return index
    return -1
  }
}

/** Tells whether headers are an object that has a member for each; a request nearly always has them so. */
function isPlain(headers) {
  return (
    typeof headers === 'object' &&
    headers !== null &&
    headers[Symbol.iterator] === undefined &&
    !Array.isArray(headers)
  )
}

/** Calls `take(name, value)` for each header of any shape; a value may be a list of lines. */
function forEachLine(headers, take) {
  if (typeof headers !== 'object' || headers === null) throw wrongType('headers', headers, SHAPES)
  if (Array.isArray(headers) && typeof headers[0] === 'string') return forEachFlat(headers, take)
  if (typeof headers[Symbol.iterator] === 'function') return forEachPair(headers, take)
  // Own members only, as in pick.
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
  if (typeof value === 'string' && values[index] === undefined) values[index] = value
  else if (!isAbsent(value)) addLines(values, index, value, name)
}

function addLines(values, index, value, name) {
  if (!Array.isArray(value)) return addLine(values, index, value, name)
  for (const line of value) addLine(values, index, line, name)
}

/** Adds a line and keeps those before it: two lines of one header must be seen as two. */
function addLine(values, index, line, name) {
  if (typeof line !== 'string') throw wrongType(`the header ${JSON.stringify(name)}`, line, 'a string')
  const known = values[index]
  // Into the list that is there: a new one for each line would let thousands of lines take seconds.
  if (Array.isArray(known)) known.push(line)
  else values[index] = known === undefined ? line : [known, line]
}

module.exports = { forEachLine, HeaderPicker, linesOf, namesOf }
