// Every example of the README runs, except those that are marked `notest`.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

const blocks = [...README.matchAll(/^```js([^\n]*)\n(.*?)^```$/gms)].map(([whole, words, code]) => {
  const line = README.slice(0, README.indexOf(whole)).split('\n').length
  return { line, isRun: !words.includes('notest'), code }
})

describe('the README', () => {
  it('has examples', () => assert.ok(blocks.some(({ isRun }) => isRun)))

  for (const { line, isRun, code } of blocks) {
    it(`line ${line} ${isRun ? 'runs' : 'is a module'}`, () => {
      // From standard input, so that the bare name of the package is looked up from the root.
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', ...(isRun ? [] : ['--check'])],
        {
          cwd: ROOT,
          input: code,
          encoding: 'utf8',
        },
      )
      assert.equal(status, 0, stderr)
    })
  }
})
