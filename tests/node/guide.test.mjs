// Every example of the guide runs, and what stands in a comment behind it checks what it did.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const GUIDE = readFileSync(new URL('../../docs/receive-node.md', import.meta.url), 'utf8')
const BLOCK = /^```(js|ts)\n(.*?)^```\n(?:<!-- test before\n(.*?)^-->\n)?(?:<!-- test\n(.*?)^-->\n)?/gms
const SETTINGS = [
  '--ignoreConfig',
  '--strict',
  '--target',
  'es2022',
  '--module',
  'nodenext',
  '--experimentalDecorators',
  '--types',
  'node',
]

const blocks = [...GUIDE.matchAll(BLOCK)].map(([whole, language, code, before = '', after = '']) => ({
  line: GUIDE.slice(0, GUIDE.indexOf(whole)).split('\n').length,
  language,
  code,
  before,
  after,
}))

describe('the guide', () => {
  it('has an example for each adapter, and checks it', () => {
    for (const name of ['express', 'fastify', 'fetch', 'nest', 'http', 'lambda'])
      assert.ok(
        blocks.some(({ code, after }) => code.includes(`'hookproof/${name}'`) && after !== ''),
        name,
      )
  })

  for (const { line, language, code, before, after } of blocks) {
    it(`line ${line} runs`, () => {
      const script = language === 'ts' ? compiled(code) : code
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module'], {
        cwd: ROOT,
        // From standard input, so that the bare name of the package is looked up from the root.
        input: `${before}\n${script}\n${after}`,
        encoding: 'utf8',
        timeout: 60_000,
        env: { ...process.env, FOURVENUES_SECRET: 's3cr3t', PORT: '0' },
      })
      assert.equal(status, 0, stderr)
      // Two good deliveries are sent, and a forged one: one of the three is handled, and prints a line.
      if (after !== '') assert.equal(stdout.trim().split('\n').length, 1, stdout)
    })
  }
})

/** Checks the types of an example and compiles it; the folder is inside the root, where packages are found. */
function compiled(code) {
  const folder = mkdtempSync(join(ROOT, 'tests/node/guide-'))
  try {
    const file = join(folder, 'example.mts')
    writeFileSync(file, code)
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
    execFileSync(process.execPath, [compiler, ...SETTINGS, '--skipLibCheck', file], {
      cwd: folder,
      encoding: 'utf8',
    })
    return readFileSync(join(folder, 'example.mjs'), 'utf8')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
