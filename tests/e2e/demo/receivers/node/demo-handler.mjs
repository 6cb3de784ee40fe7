// What the handlers of all frameworks do with an event, and what they count.
import { setTimeout as sleep } from 'node:timers/promises'

/** How often each route's handler ran. */
export const handled = {}

const failed = new Set()

export async function handle(route, { body, idempotencyKey }) {
  handled[route] = (handled[route] ?? 0) + 1
  const first = !failed.has(idempotencyKey)
  failed.add(idempotencyKey)
  if (body.includes('fails-once') && first)
    throw new Error('the handler of the demo fails once, as its event asks')
  if (body.includes('takes-a-while')) await sleep(1000)
}

/** The routes that the program was called with: their names, providers and options. */
export function routes() {
  return Object.entries(JSON.parse(process.argv[2])).map(([name, { provider, options, max_body }]) => {
    const renamed = Object.entries(options).map(([option, value]) => [camelCase(option), value])
    return { name, provider, options: { ...Object.fromEntries(renamed), maxBody: max_body } }
  })
}

function camelCase(name) {
  return name.replaceAll(/_(.)/g, (_match, letter) => letter.toUpperCase())
}
