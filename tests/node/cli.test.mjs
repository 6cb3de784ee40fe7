// The program `hookproof` as npm installs it: what it does is tested in Rust, here is that it is the same one.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { describe, it } from 'node:test'

const MANIFEST = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const PROGRAM = new URL(`../../${MANIFEST.bin.hookproof}`, import.meta.url).pathname
const KEYS = ['-p', 'fast-events', '-s', 'asasasasas']

const hookproof = (...given) => spawnSync(process.execPath, [PROGRAM, ...given], { encoding: 'utf8' })

describe('the program', () => {
  it('is not loaded with the library', () => {
    const code = "require('hookproof'); console.log(Object.keys(require.cache).join('\\n'))"
    const { stdout } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' })
    assert.match(stdout, /index\.cjs/)
    assert.doesNotMatch(stdout, /cli\.cjs/)
  })

  it('has the exit status of the program', () => {
    assert.equal(hookproof('--version').status, 0)
    assert.equal(hookproof('send').status, 2)
    assert.equal(hookproof('providers', 'nobody').status, 2)
    assert.match(hookproof('plan', 'fast-events').stdout, /^Fast Events: 5 retries/)
  })

  it('listens and sends, and ends with an interrupt', async () => {
    const listening = spawn(process.execPath, [PROGRAM, 'listen', '--json', '--port', '0', ...KEYS])
    try {
      const lines = createInterface({ input: listening.stdout })[Symbol.asyncIterator]()
      const next = async () => JSON.parse((await lines.next()).value)
      const { listening: url } = await next()
      const sender = spawn(process.execPath, [PROGRAM, 'send', url, ...KEYS])
      assert.deepEqual(await once(sender, 'exit'), [0, null])
      assert.equal((await next()).outcome, 'accepted')
      listening.kill('SIGINT')
      assert.deepEqual(await once(listening, 'exit'), [null, 'SIGINT'])
    } finally {
      listening.kill('SIGKILL')
    }
  })
})
