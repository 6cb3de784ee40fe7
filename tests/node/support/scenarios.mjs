// What every adapter has to do, in its own framework: one list, run against each.
import { bodyScenarios } from './scenarios/bodies.mjs'
import { eventScenarios } from './scenarios/events.mjs'
import { requestScenarios } from './scenarios/requests.mjs'
import { secretScenarios } from './scenarios/secrets.mjs'
import { servedBy } from './scenarios/served.mjs'

/**
 * Runs the scenarios against an adapter: `open(context, { provider, options, handler, parsed })` serves it and returns
 * `send({ method, headers, body, path })`, which answers `{ status, text, headers }`. With `parsed`, something consumes
 * the body first, and `fix` is what the error then says; `canChunk` says that a body may come in pieces.
 */
export function runScenarios({ open, ...adapter }) {
  const given = { ...adapter, served: servedBy(open) }
  eventScenarios(given)
  requestScenarios(given)
  bodyScenarios(given)
  secretScenarios(given)
}
