// A webhook in a framework, and what its parts were told.
import assert from 'node:assert/strict'

import { MemoryStore } from 'hookproof'

import { SYSTEMS } from '../systems.mjs'

/** Returns a function that serves webhooks by an adapter. */
export function servedBy(open) {
  /** Serves a system's webhook that remembers what its parts were told. */
  return async function served(context, { system = SYSTEMS[0], options, source, handler, ...rest } = {}) {
    const seen = { handled: [], rejected: [], repeated: [], failed: [], outcomes: [] }
    const watch = {
      store: new MemoryStore(),
      onReject: (error) => seen.rejected.push(error.code),
      onDuplicate: (event) => seen.repeated.push(event.type),
      onError: (error, event) => seen.failed.push([error.code ?? error.message, event?.type ?? null]),
      onOutcome: (outcome, event, milliseconds) => {
        assert.ok(milliseconds >= 0 && milliseconds < 60_000)
        seen.outcomes.push([outcome, event?.type ?? null])
      },
    }
    const { send } = await open(context, {
      provider: source ?? system.provider,
      options: { ...watch, ...(source ? {} : system.options), ...options },
      handler: async (event) => {
        seen.handled.push(event.type)
        await handler?.(event)
      },
      ...rest,
    })
    return { send, seen }
  }
}
