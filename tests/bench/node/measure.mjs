// Measures hookproof beside what a user of Node would pick instead, and prints one JSON object a line:
// measure.mjs DELIVERIES --peers FOLDER [--rounds N] [--quick] [--only ROW] [--root REPOSITORY] [--before REPOSITORY]
//
// DELIVERIES is what tests/bench/deliveries.py wrote, at most five minutes ago: the libraries look at the clock.
// FOLDER is where package.json of this folder is installed. `--root` measures hookproof as another checkout has it, and
// `--before` measures it as a second one has it beside the first.
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { checked } from './check.mjs'
import { readDeliveries } from './deliveries.mjs'
import { Libraries } from './libraries.mjs'
import { measured } from './rounds.mjs'
import { rowsOf } from './rows.mjs'

const ROUNDS = { usual: 31, quick: 7 }
const BATCH_MS = { usual: 2, quick: 1 }

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: 'string', default: 'target/bench/node' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    root: { type: 'string', default: join(import.meta.dirname, '../../..') },
    before: { type: 'string' },
  },
})
const pace = options.quick ? 'quick' : 'usual'
const rounds = Number(options.rounds ?? ROUNDS[pace])
const wanted = new RegExp(`^(?:${options.only || '.*'})$`)
const libraries = new Libraries(options)

print({ versions: libraries.versions() })
for (const { row, bytes, contenders } of await rowsOf(readDeliveries(positionals[0]), libraries)) {
  if (!wanted.test(row)) continue
  const runs = await checked(contenders())
  print({ row, bytes, ...(await measured(runs, rounds, BATCH_MS[pace])) })
}

function print(line) {
  process.stdout.write(`${JSON.stringify({ language: 'node', ...line })}\n`)
}
