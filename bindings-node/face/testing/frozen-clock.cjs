'use strict'

const { stopAt, unixMillis } = require('../clock.cjs')
const { invalidOption } = require('../errors.cjs')
const options = require('../options.cjs')

/** Stops the clock of this thread's verifiers, receivers, signers and local stores. */
function freezeClock(moment) {
  return new FrozenClock(options.isAbsent(moment) ? unixMillis() : millisOf(moment))
}

class FrozenClock {
  #before
  #millis
  #isRestored = false

  constructor(millis) {
    this.#before = stopAt(millis)
    this.#millis = millis
  }

  get now() {
    return this.#millis / 1000
  }

  tick(seconds) {
    if (typeof seconds !== 'number')
      throw options.wrongType('the time to pass', seconds, 'a number of seconds')
    this.set(this.now + seconds)
  }

  set(moment) {
    if (this.#isRestored) throw invalidOption('the clock was restored: freeze it again')
    this.#millis = millisOf(moment)
    stopAt(this.#millis)
  }

  restore() {
    // Once: the second time, it would undo what was frozen since.
    if (!this.#isRestored) stopAt(this.#before)
    this.#isRestored = true
  }

  [Symbol.dispose]() {
    this.restore()
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `FrozenClock(${new Date(this.#millis).toISOString()})`
  }
}

/** Reads a Date, or unix seconds with or without a fraction, as milliseconds. */
function millisOf(moment) {
  const seconds = moment instanceof Date ? moment.getTime() / 1000 : moment
  if (typeof seconds !== 'number') throw options.wrongType('the moment', moment, 'unix seconds or a Date')
  // As far as a Date goes: what is beyond could be told to nobody.
  const millis = new Date(Math.round(seconds * 1000)).getTime()
  if (Number.isNaN(millis)) throw invalidOption(`the moment is ${seconds}, expected unix seconds`)
  return millis
}

module.exports = { freezeClock, FrozenClock }
