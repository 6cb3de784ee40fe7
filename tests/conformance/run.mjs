// Reads cases, one JSON object a line, and writes one answer a line: the Node side of the conformance harness.
import { createInterface } from 'node:readline'

import { HookproofError } from 'hookproof'

import { judge, verdictOf } from '../node/support/case.mjs'

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  const task = JSON.parse(line)
  process.stdout.write(`${JSON.stringify({ id: task.id, ...answer(task) })}\n`)
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
