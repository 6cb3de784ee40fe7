'use strict'

// What the stores on a server share: how they read their arguments, and how long they wait.

const { randomBytes } = require('node:crypto')

const { invalidOption } = require('../errors.cjs')
const native = require('../native.cjs')
const options = require('../options.cjs')

const DEFAULT_TIMEOUT_SECONDS = 5
/** What a timer of Node can hold. */
const LONGEST_TIMEOUT_SECONDS = 2_147_483

/** Returns the name under which a store keeps a delivery. */
function keyOf(key) {
  return native.storeKey(required('the key', options.text('the key', key), 'a string'))
}

function ownerOf(owner) {
  return required('the owner', options.text('the owner', owner), 'a string')
}

function newOwner() {
  return randomBytes(16).toString('hex')
}

/** Returns a lease or a retention in whole milliseconds. */
function millisOf(what, seconds) {
  return native.storeMillis(required(what, options.seconds(what, seconds), 'a number'))
}

function timeoutOf(seconds) {
  const timeout = options.seconds('the option timeoutSeconds', seconds) ?? DEFAULT_TIMEOUT_SECONDS
  if (timeout === 0 || timeout > LONGEST_TIMEOUT_SECONDS) {
    throw invalidOption(
      `the option timeoutSeconds is ${timeout}, expected more than 0 and at most ${LONGEST_TIMEOUT_SECONDS}`,
    )
  }
  return timeout * 1000
}

/**
 * Waits for an answer, but not for longer than the sender of a webhook does: a client that is not connected may keep
 * what it is asked until it is. `tooLate` gets an answer that comes after that.
 */
async function within(timeoutMs, server, answer, tooLate = () => {}) {
  let timer
  const expired = new Promise((_, reject) => {
    const expire = () => {
      // Whatever becomes of it, the sender has been answered.
      answer.then(tooLate).catch(() => {})
      reject(new Error(`${server} did not answer within ${timeoutMs / 1000} seconds`))
    }
    timer = setTimeout(expire, timeoutMs)
  })
  try {
    return await Promise.race([answer, expired])
  } finally {
    clearTimeout(timer)
  }
}

function required(what, value, expected) {
  if (value === undefined) throw options.wrongType(what, value, expected)
  return value
}

module.exports = { keyOf, millisOf, newOwner, ownerOf, timeoutOf, within }
