// Reads cases, one JSON object a line, and writes one answer a line: the Node side of the conformance harness.
import { HookproofError } from 'hookproof'

import { judge, verdictOf } from '../node/support/case.mjs'

for await (const line of lines(process.stdin)) {
  const task = JSON.parse(line)
  process.stdout.write(`${ascii({ id: task.id, ...answer(task) })}\n`)
}

// Not readline: it ends a line at U+2028 as well, which JSON may hold as it is.
async function* lines(input) {
  let rest = ''
  for await (const chunk of input.setEncoding('utf8')) {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop()
    yield* parts
  }
  if (rest) yield rest
}

/** Writes a value in ASCII: a type that holds U+2028 would be two lines to some readers of lines. */
function ascii(value) {
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value).replace(/[^ -~]/g, escaped)
}

function answer(task) {
  try {
    return { verdict: 'accept', event: described(judge(task)) }
  } catch (error) {
    if (error instanceof HookproofError) return { verdict: verdictOf(error), code: error.code }
    console.error(task.id, error)
    return { verdict: 'crash' }
  }
}

function described(event) {
  return {
    id: event.id,
    type: event.type,
    idempotency_key: event.idempotencyKey,
    is_ping: event.isPing,
    covers: [...event.proof.covers],
  }
}
