'use strict'

// The face's one clock: the system's, until a test stops it (see testing/clock.cjs).

let stopped

/** Returns unix milliseconds. */
function unixMillis() {
  // Date is looked up on every call, so that a test which replaces Date is heard as well.
  return stopped ?? Date.now()
}

/** Stops the clock at a moment, or lets it run where that is undefined; returns where it stood before. */
function stopAt(millis) {
  const before = stopped
  stopped = millis
  return before
}

module.exports = { stopAt, unixMillis }
