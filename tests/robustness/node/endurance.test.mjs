// A million calls, good and hostile, leave nothing behind: no memory, no handle, no thread.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'

import { largeVerifications, receptions, signings, verifications } from './support/calls.mjs'
import { drawn, IS_SHORT, report, SEED } from './support/figures.mjs'

const CALLS = IS_SHORT ? 60_000 : 1_000_000
const MIB = 1024 * 1024

describe('a million calls', () => {
  it('leave no memory, handle or thread behind', async () => {
    assert.ok(globalThis.gc, 'to be run with --expose-gc')
    const kinds = [
      { share: 0.8, calls: verifications() },
      { share: 0.15, calls: signings() },
      { share: 0.0495, calls: receptions() },
      { share: 0.0005, calls: largeVerifications() },
    ]
    const random = drawn(SEED)
    const made = await run(kinds, CALLS / 5, random)
    const before = await footprint()
    const started = performance.now()
    const rest = await run(kinds, CALLS - made, random)
    const seconds = (performance.now() - started) / 1000
    const after = await footprint()
    const grown = Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]))
    report('endurance', {
      calls: made + rest,
      seed: SEED,
      calls_per_second: Math.round(rest / seconds),
      rss_mib: (after.rss / MIB).toFixed(1),
      rss_growth_kib: Math.round(grown.rss / 1024),
      heap_growth_kib: Math.round(grown.heapUsed / 1024),
      external_growth_kib: Math.round(grown.external / 1024),
      open_files_growth: grown.files,
      threads_growth: grown.threads,
      resources_growth: grown.resources,
    })
    // A byte that each call lost would be a megabyte.
    assert.ok(grown.heapUsed < MIB, 'the heap grew')
    assert.ok(grown.external < MIB, 'memory outside of the heap grew')
    assert.ok(grown.rss < 24 * MIB, 'the process grew')
    assert.deepEqual([grown.files, grown.threads, grown.resources], [0, 0, 0])
  })
})

async function run(kinds, count, random) {
  let made = 0
  for (; made < count; made++) {
    const { calls } = kindOf(kinds, random())
    const call = calls[Math.floor(random() * calls.length)]
    const pending = call()
    if (pending) await pending
    // Promises alone would never let the loop come to finalizers and timers.
    if (made % 1000 === 0) await new Promise(setImmediate)
  }
  return made
}

function kindOf(kinds, number) {
  let left = number
  for (const kind of kinds) {
    left -= kind.share
    if (left < 0) return kind
  }
  return kinds[0]
}

async function footprint() {
  // What a collection frees natively is freed by finalizers, which run in later turns of the loop.
  for (let turn = 0; turn < 10; turn++) {
    globalThis.gc()
    await new Promise(setImmediate)
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return {
    rss,
    heapUsed,
    external,
    files: count('/proc/self/fd'),
    threads: count('/proc/self/task'),
    resources: process.getActiveResourcesInfo().length,
  }
}

/** Counts the entries of a folder of Linux; elsewhere there is none to count. */
function count(folder) {
  try {
    return readdirSync(folder).length
  } catch {
    return 0
  }
}
