// What the dearest requests cost through the package: `tests/audit/hostile_cost` finds them, in Rust.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'

import { HookproofError, Verifier } from 'hookproof'

import { report } from './support/figures.mjs'

const MEBIBYTE = 1024 * 1024
const secret = Array.from({ length: 16 }, (_, number) => `hookproof-test-secret-${number}`)
// Twice what Rust may take: bodies and headers are converted, and the machine may be busy.
const LIMIT_MS = 100
const USUAL_FLOOR_MS = 0.6

const form = Array.from({ length: 4096 }, (_, number) => `f${number}=${'v'.repeat(248)}`).join('&')
const apostrophes = `https://hooks.example.com:443/in?${"'%27".repeat(16_000)}`

const REQUESTS = {
  'twilio, a form and apostrophes': {
    verifier: new Verifier('twilio', { secret }),
    body: form.slice(0, MEBIBYTE),
    headers: {
      'X-Twilio-Signature': `${'A'.repeat(27)}=`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    url: apostrophes,
  },
  'paystack, numbers that are written again': {
    verifier: new Verifier('paystack', { secret, acceptReserialized: true }),
    body: `[9007199254740993${',9007199254740993'.repeat(61_000)}]`,
    headers: { 'x-paystack-signature': '0'.repeat(128) },
  },
  'github, open arrays': {
    verifier: new Verifier('github', { secret, acceptReserialized: true }),
    body: '['.repeat(MEBIBYTE),
    headers: { 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` },
  },
  'github, a header of 8 MiB': {
    verifier: new Verifier('github', { secret }),
    body: '{}',
    headers: { 'X-Hub-Signature-256': '0'.repeat(8 * MEBIBYTE) },
  },
}

describe('no forged request is dear', () => {
  for (const [name, { verifier, body, headers, url }] of Object.entries(REQUESTS)) {
    it(name, () => {
      const bytes = Buffer.from(body)
      const verify = () =>
        assert.throws(() => verifier.verify(bytes, headers, { method: 'POST', url }), HookproofError)
      const floor = milliseconds(() => createHash('sha256').update(Buffer.alloc(MEBIBYTE)).digest())
      const cost = milliseconds(verify)
      report(`hostile ${name}`, { cpu_ms: cost.toFixed(2), sha256_ms: floor.toFixed(2) })
      assert.ok(cost < LIMIT_MS * Math.max(1, floor / USUAL_FLOOR_MS), `${cost} ms`)
    })
  }
})

/** Measures the processor time of a call: the least of several, for an interrupt is not its fault. */
function milliseconds(call) {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage()
    call()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...times)
}
