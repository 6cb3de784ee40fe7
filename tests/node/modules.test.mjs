import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'

import { Verifier } from 'hookproof'
import { webhook } from 'hookproof/express'

import { SECRET, sign } from './support/senders.mjs'

const require = createRequire(import.meta.url)
const FACE = new URL('../../bindings-node/face', import.meta.url)

describe('the package', () => {
  it('has the same classes for import and require', async () => {
    const imported = await import('hookproof')
    const required = require('hookproof')
    assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort())
    for (const [name, value] of Object.entries(required)) assert.equal(imported[name], value, name)
    assert.equal(require('hookproof/express').webhook, webhook)
  })

  for (const name of ['express', 'fastify', 'fetch', 'http', 'lambda', 'nest']) {
    it(`has the same hookproof/${name} for import and require`, async () => {
      const imported = await import(`hookproof/${name}`)
      const required = require(`hookproof/${name}`)
      assert.equal(imported.webhook, required.webhook)
      assert.deepEqual(Object.keys(imported).sort(), Object.keys(required).sort())
    })
  }

  it('exports its manifest and nothing of its inside', () => {
    assert.equal(require('hookproof/package.json').name, 'hookproof')
    assert.throws(() => require('hookproof/bindings-node/face/native.cjs'), {
      code: 'ERR_PACKAGE_PATH_NOT_EXPORTED',
    })
  })

  it('says for which platform a native module is missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hookproof-'))
    try {
      cpSync(FACE, join(folder, 'face'), { recursive: true })
      const script = `try { require('./face/index.cjs') } catch (error) { console.log(error.message) }`
      const said = execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' })
      assert.match(
        said,
        new RegExp(
          `^hookproof has no native module for this platform, ${process.platform}-${process.arch}.*none`,
        ),
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('works in several threads at once, and outlives them', async () => {
    const { body, headers } = sign()
    const script = `
      const { Verifier } = require('hookproof')
      const { workerData: { secret, body, headers }, parentPort } = require('node:worker_threads')
      const verifier = new Verifier('fourvenues', { secret })
      for (let count = 0; count < 1000; count++) verifier.verify(body, headers).idempotencyKey
      parentPort.postMessage(verifier.verify(body, headers).id)`
    const run = () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(script, { eval: true, workerData: { secret: SECRET, body, headers } })
        worker.once('message', resolve)
        worker.once('error', reject)
      })
    assert.deepEqual(await Promise.all([run(), run(), run()]), ['5f7b', '5f7b', '5f7b'])
    assert.equal(new Verifier('fourvenues', { secret: SECRET }).verify(body, headers).id, '5f7b')
  })
})
