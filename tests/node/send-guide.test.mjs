// The examples of the guide to sending run; each checks itself.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const GUIDE = readFileSync(new URL('../../docs/send.md', import.meta.url), 'utf8')

const blocks = [...GUIDE.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code)

describe('the guide to sending', () => {
  it('has examples', () => assert.ok(blocks.length > 0))

  for (const [index, code] of blocks.entries()) {
    it(`example ${index + 1} runs`, () => {
      // From standard input, so that the bare name of the package is looked up from the root.
      const { status, stderr } = spawnSync(process.execPath, ['--input-type=module'], {
        cwd: ROOT,
        input: code,
        encoding: 'utf8',
      })
      assert.equal(status, 0, stderr)
    })
  }
})
