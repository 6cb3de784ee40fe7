import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const GUIDE = readFileSync(new URL('../../../docs/stores.md', import.meta.url), 'utf8')

/** Runs the block of the guide that imports a store, from standard input: the package is looked up from the root. */
export function runGuide(store, env) {
  const blocks = [...GUIDE.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code)
  const [input, ...others] = blocks.filter((code) => code.includes(store))
  assert.ok(input !== undefined && others.length === 0)
  const cwd = new URL('../../..', import.meta.url)
  execFileSync(process.execPath, ['--input-type=module'], { cwd, input, env: { ...process.env, ...env } })
}
