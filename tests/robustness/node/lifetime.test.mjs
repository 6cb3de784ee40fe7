// Threads and processes that end in the middle of work take nobody with them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

import { Signer, Verifier } from 'hookproof'

import { IS_SHORT, report } from './support/figures.mjs'

const WORKERS = 16
const ROUNDS = IS_SHORT ? 1 : 4

describe('worker threads', () => {
  it('are terminated in the middle of calls, and the process goes on', async () => {
    await generation()
    const before = threads()
    let rounds = 0
    for (let round = 0; round < ROUNDS; round++) rounds += await generation()
    const secret = 's3cr3t'
    const { headers, body } = new Signer('fourvenues', { secret }).sign('{"id":"1","event":"x","payload":{}}')
    assert.equal(new Verifier('fourvenues', { secret }).verify(body, headers).id, '1')
    report('workers', {
      workers: WORKERS * ROUNDS,
      rounds_before_termination: rounds,
      threads_growth: threads() - before,
    })
    assert.equal(threads(), before)
  })
})

/** Starts workers that import the package, and ends each while it is at work; returns how many rounds they made. */
async function generation() {
  let rounds = 0
  const workers = Array.from({ length: WORKERS }, () => {
    const worker = new Worker(new URL('./support/busy-worker.mjs', import.meta.url))
    const atWork = new Promise((resolve, reject) => {
      worker.on('error', reject)
      worker.on('message', (message) => {
        if (message !== 'round') return
        rounds++
        resolve()
      })
    })
    return { worker, atWork }
  })
  await Promise.all(
    workers.map(async ({ worker, atWork }) => {
      await atWork
      assert.equal(await worker.terminate(), 1)
    }),
  )
  return rounds
}

function threads() {
  return process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0
}

describe('a process', () => {
  const program = fileURLToPath(new URL('./support/exits.mjs', import.meta.url))
  for (const [way, status] of [
    ['exit', 7],
    ['exit-later', 7],
    ['throw', 1],
    ['on-exit', 7],
    ['end', 7],
  ]) {
    it(`ends in its own way while bodies are hashed: ${way}`, () => {
      for (let round = 0; round < (IS_SHORT ? 3 : 20); round++) {
        const ended = spawnSync(process.execPath, [program, way], { encoding: 'utf8', timeout: 60_000 })
        assert.deepEqual([ended.status, ended.signal], [status, null], ended.stderr)
        if (status === 7) assert.equal(ended.stderr, '')
      }
    })
  }
})
