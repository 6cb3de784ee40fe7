// Every example of the guide to testing runs: each is a file of tests, and its tests pass.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const GUIDE = readFileSync(new URL('../../docs/testing-node.md', import.meta.url), 'utf8')

const blocks = [...GUIDE.matchAll(/^```js\n(.*?)^```$/gms)].map(([whole, code]) => ({
  line: GUIDE.slice(0, GUIDE.indexOf(whole)).split('\n').length,
  code,
}))

describe('the guide to testing', () => {
  it('has examples', () => assert.ok(blocks.length >= 8))

  for (const { line, code } of blocks) {
    it(`line ${line} passes`, () => {
      // From standard input, so that the bare names of packages are looked up from the root.
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], {
        cwd: ROOT,
        input: code,
        encoding: 'utf8',
        timeout: 60_000,
        // Without the variable that tells a test runner's child to report to its parent in binary.
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
      })
      const tests = code.match(/^test\(/gm).length
      assert.match(stdout, new RegExp(`^(#|ℹ) pass ${tests}$`, 'm'), stdout + stderr)
      assert.equal(status, 0, stdout + stderr)
    })
  }
})
