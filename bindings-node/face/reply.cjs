'use strict'

/** Makes the reply that an outcome gets, out of what the native module says. */
function replyOf(outcome, { status, headers, body }) {
  return Object.freeze({ status, headers: Object.freeze(Object.fromEntries(headers)), body, outcome })
}

module.exports = { replyOf }
