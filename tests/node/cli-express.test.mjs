// `hookproof send` against Express: all four systems, accepted, tampered with and stale.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

import express from 'express'

import { application } from './support/application.mjs'

const PROGRAM = fileURLToPath(new URL('../../bindings-node/face/cli.cjs', import.meta.url))
const WHSEC = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const TOKEN = { issuer: 'https://securetoken.google.com/acme', audience: 'acme' }

/** Runs the program beside the server, and returns its exit status. */
function hookproof(...given) {
  return new Promise((resolve, reject) => {
    spawn(process.execPath, [PROGRAM, ...given], { stdio: 'ignore' })
      .on('exit', resolve)
      .on('error', reject)
  })
}

/** What each side of a system is given, and the exit statuses of a good, a tampered and a stale request. */
const SYSTEMS = {
  fourvenues: { secret: 's3cr3t', exits: [0, 1, 0], rejected: ['no_matching_signature'] },
  eventsair: { secret: WHSEC, exits: [0, 1, 1], rejected: ['no_matching_signature', 'timestamp_too_old'] },
  // It is answered 200 whatever is wrong, as its guide asks.
  'fast-events': { secret: 's3cr3t', exits: [0, 0, 0], rejected: ['no_matching_signature'] },
  pitchpoint: { exits: [0, 1, 1], rejected: ['no_matching_signature', 'token_expired'] },
}

describe('hookproof send to Express', () => {
  for (const [provider, { secret, exits, rejected }] of Object.entries(SYSTEMS)) {
    it(provider, async (context) => {
      const folder = mkdtempSync(join(tmpdir(), 'hookproof-'))
      context.after(() => rmSync(folder, { recursive: true }))
      await hookproof('keys', folder)
      const jwks = JSON.parse(readFileSync(join(folder, 'jwks.json'), 'utf8'))
      const options = secret ? { secret } : { ...TOKEN, jwks }
      const { url, seen } = await application(express, context, { provider, options })
      const keys = secret
        ? ['-s', secret]
        : ['--issuer', TOKEN.issuer, '--audience', TOKEN.audience, '--claim', 'sub=robot', '--key-id', 'test']
      if (!secret) keys.push('--private-key', join(folder, 'private.pem'))
      const found = []
      for (const fault of [[], ['--tamper'], ['--stale']]) {
        found.push(await hookproof('send', url, '-p', provider, ...keys, ...fault))
      }
      assert.deepEqual(found, exits)
      assert.deepEqual(seen.rejected, rejected)
      assert.equal(seen.handled.length, 3 - rejected.length)
    })
  }
})
