import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'

import { Receiver, Signer, SqliteStore, Verifier } from 'hookproof'

import { missing } from './support/services.mjs'
import { SqliteFile } from './support/sqlite-file.mjs'
import { runGuide } from './support/store-guide.mjs'

/** Runs a test with the path of a file of its own. */
async function withFile(run) {
  const folder = mkdtempSync(join(tmpdir(), 'hookproof-'))
  try {
    await run(join(folder, 'deliveries.sqlite'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('a store in an SQLite file', () => {
  it('gives a delivery to one, and remembers it when it is done', () =>
    withFile(async (file) => {
      const store = new SqliteStore(file)
      const { state, owner } = await store.claim('a', 60)
      assert.equal(state, 'new')
      const another = new SqliteStore(pathToFileURL(file))
      assert.deepEqual(await another.claim('a', 60), { state: 'running', owner: null })
      assert.equal(await store.complete('a', owner, 60), true)
      assert.equal(await store.complete('a', owner, 60), false)
      assert.deepEqual(await another.claim('a', 60), { state: 'done', owner: null })
      await Promise.all([store.close(), another.close()])
    }))

  it('does not keep the event loop while another process holds the file', {
    skip: missing('python3'),
  }, async () => {
    const file = new SqliteFile()
    const store = new SqliteStore(file.url, { timeoutSeconds: 0.2 })
    await store.claim('a', 60)
    let ticks = 0
    await file.frozen(async () => {
      const ticking = setInterval(() => {
        ticks += 1
      }, 10)
      await assert.rejects(store.claim('b', 60), { name: 'Error', code: 'store_unavailable' })
      clearInterval(ticking)
    })
    assert.ok(ticks >= 5, `${ticks} ticks in a fifth of a second`)
    assert.equal((await store.claim('b', 60)).state, 'new')
    await store.close()
    await file.end()
  })

  it('serves a receiver, which answers 503 when it cannot be asked', () =>
    withFile(async (file) => {
      const store = new SqliteStore(file)
      const errors = []
      const verifier = new Verifier('github', { secret: 's3cr3t' })
      const receiver = new Receiver(verifier, { store, onError: (error) => errors.push(error.code) })
      const signed = new Signer('github', { secret: 's3cr3t' }).sign('{}', { id: '72d3162e', type: 'push' })
      let handled = 0
      const receive = () =>
        receiver.receive(signed.body, signed.headers, () => {
          handled += 1
        })
      assert.equal((await receive()).status, 200)
      assert.equal((await receive()).status, 200)
      assert.equal(handled, 1)
      await store.close()
      writeFileSync(file, 'something else')
      assert.equal((await receive()).status, 503)
      assert.deepEqual([handled, errors], [1, ['store_unavailable']])
    }))

  it('is set up as the guide says', () =>
    withFile((file) => runGuide('SqliteStore', { STORE_FOLDER: dirname(file) })))

  it('refuses what makes no sense', () =>
    withFile(async (file) => {
      for (const path of ['', ':memory:', join(file, 'absent')])
        assert.throws(() => new SqliteStore(path), { name: 'ConfigurationError', code: 'invalid_option' })
      assert.throws(() => new SqliteStore(file, { timeoutSeconds: 61 }), { code: 'invalid_option' })
      assert.throws(() => new SqliteStore(file, { timeout: 5 }), { code: 'invalid_option' })
      assert.throws(() => new SqliteStore(5), TypeError)
      assert.throws(() => new SqliteStore(), TypeError)
      const store = new SqliteStore(file)
      await assert.rejects(store.claim(1, 60), TypeError)
      await assert.rejects(store.claim('a'), TypeError)
      await assert.rejects(store.claim('a', -1), { code: 'invalid_option' })
      await assert.rejects(store.complete('a', 'owner', 60), TypeError)
      await store.close()
    }))
})
