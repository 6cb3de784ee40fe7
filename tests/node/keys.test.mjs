import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

import { KeysUnavailableError, Receiver, Verifier } from 'hookproof'

import { BODY, DISCOVERY, HOSTILE, issuer, JWKS } from './support/issuer.mjs'

const HOUR_MS = 60 * 60 * 1000
const type = 'orders/placed'

/** Exports good keys that have been used for longer than they are fresh. */
async function dueKeys(server) {
  const first = server.verifier()
  await first.prewarm()
  const exported = JSON.parse(first.exportKeys())
  exported.fetched_at_millis -= 2 * HOUR_MS
  server.requests.length = 0
  return JSON.stringify(exported)
}

const requestsFor = (answer) => (answer.at === 'discovery' ? [DISCOVERY] : [DISCOVERY, JWKS])

const codeOf = (verifier, headers) => {
  try {
    return verifier.verify(BODY, headers).type
  } catch (error) {
    return error.code
  }
}

describe('keys are fetched', () => {
  it('for the first request, which waits, and not for later ones', async (context) => {
    const server = await issuer(context)
    const verifier = server.verifier()
    for (let count = 0; count < 20; count++) {
      assert.equal((await verifier.verifyAsync(BODY, server.signed())).type, type)
      assert.equal(verifier.verify(BODY, server.signed()).type, type)
    }
    assert.deepEqual(server.requests, [DISCOVERY, JWKS])
    assert.equal(server.headers[0]['accept-encoding'], 'identity')
  })

  it('from an address that is given, without discovery', async (context) => {
    const server = await issuer(context)
    await server.verifier({ jwksUri: server.origin + JWKS }).verifyAsync(BODY, server.signed())
    assert.deepEqual(server.requests, [JWKS])
  })

  it('once for all requests at once', async (context) => {
    const server = await issuer(context)
    const verifier = server.verifier()
    const headers = server.signed()
    const found = await Promise.all(Array.from({ length: 100 }, () => verifier.verifyAsync(BODY, headers)))
    assert.ok(found.every((event) => event.type === type))
    assert.deepEqual(server.requests, [DISCOVERY, JWKS])
  })

  it('by verify without waiting: it has none, and starts a fetch', async (context) => {
    const server = await issuer(context)
    const verifier = server.verifier()
    assert.throws(() => verifier.verify(BODY, server.signed()), KeysUnavailableError)
    assert.throws(() => verifier.verify(BODY, server.signed()), KeysUnavailableError)
    await verifier.prewarm()
    assert.equal(verifier.verify(BODY, server.signed()).type, type)
    assert.deepEqual(server.requests, [DISCOVERY, JWKS])
  })

  it('by prewarm, which tells what is wrong', async (context) => {
    const server = await issuer(context)
    const verifier = server.verifier()
    await verifier.prewarm()
    await verifier.prewarm()
    assert.deepEqual(server.requests, [DISCOVERY, JWKS])
    server.becomes({ at: 'jwks', status: 503, body: '' })
    await assert.rejects(server.verifier().prewarm(), { code: 'keys_unavailable', message: /status 503/ })
    await new Verifier('fourvenues', { secret: 'a' }).prewarm()
  })

  it('when a token names a new one, also by verify, which asks the sender to come back', async (context) => {
    const server = await issuer(context)
    const keys = await dueKeys(server)
    server.keyId = 'key-2'
    const headers = server.signed('key-2')
    assert.equal((await server.verifier({ keys }).verifyAsync(BODY, headers)).type, type)
    const verifier = server.verifier({ keys })
    assert.equal(codeOf(verifier, headers), 'keys_unavailable')
    await verifier.prewarm()
    assert.equal(codeOf(verifier, headers), type)
    assert.deepEqual(server.requests, [DISCOVERY, JWKS, DISCOVERY, JWKS])
  })

  it('once for any number of unknown ones, which take nothing from good ones', async (context) => {
    const server = await issuer(context)
    const verifier = server.verifier()
    await verifier.prewarm()
    for (let count = 0; count < 50; count++) {
      await assert.rejects(verifier.verifyAsync(BODY, server.signed(`unknown-${count}`)), {
        code: 'unknown_key',
      })
      assert.equal(codeOf(verifier, server.signed(`unknown-${count}`)), 'unknown_key')
      assert.equal(codeOf(verifier, server.signed()), type)
    }
    assert.deepEqual(server.requests, [DISCOVERY, JWKS])
  })

  it('meanwhile, when they are due', async (context) => {
    const server = await issuer(context)
    const verifier = server.verifier({ keys: await dueKeys(server), fetchTimeoutSeconds: 2 })
    server.becomes({ at: 'discovery', hangs: true })
    const headers = server.signed()
    const started = performance.now()
    for (let count = 0; count < 20; count++) {
      assert.equal((await verifier.verifyAsync(BODY, headers)).type, type)
      assert.equal(codeOf(verifier, headers), type)
    }
    assert.ok(performance.now() - started < 1800)
    await server.requested(1)
    assert.deepEqual(server.requests, [DISCOVERY])
    await assert.rejects(verifier.verifyAsync(BODY, server.signed('unknown')), { code: 'keys_unavailable' })
    assert.ok(performance.now() - started < 4500)
  })
})

describe('a hostile server', () => {
  for (const answer of HOSTILE) {
    it(`gives no keys: ${answer.id}`, async (context) => {
      const server = await issuer(context)
      server.becomes(answer)
      const verifier = server.verifier({ fetchTimeoutSeconds: 0.4 })
      const started = performance.now()
      for (let count = 0; count < 20; count++) {
        await assert.rejects(verifier.verifyAsync(BODY, server.signed()), (error) => {
          assert.equal(error.code, 'keys_unavailable')
          assert.ok(error.message.includes(answer.says), error.message)
          return true
        })
      }
      assert.ok(performance.now() - started < 3000)
      assert.deepEqual(server.requests, requestsFor(answer))
    })

    it(`takes no keys: ${answer.id}`, async (context) => {
      const server = await issuer(context)
      const verifier = server.verifier({ keys: await dueKeys(server), fetchTimeoutSeconds: 0.4 })
      server.becomes(answer)
      assert.equal(codeOf(verifier, server.signed()), type)
      for (let count = 0; count < 10; count++) {
        assert.equal((await verifier.verifyAsync(BODY, server.signed())).type, type)
        await assert.rejects(verifier.verifyAsync(BODY, server.signed('unknown')), {
          code: 'keys_unavailable',
        })
        assert.equal(codeOf(verifier, server.signed()), type)
      }
      assert.deepEqual(server.requests, requestsFor(answer))
    })
  }

  it('that was killed takes no keys', async (context) => {
    const server = await issuer(context)
    const [warm, due] = [server.verifier(), server.verifier({ keys: await dueKeys(server) })]
    await warm.prewarm()
    const headers = server.signed()
    await server.stop()
    for (const verifier of [warm, due]) {
      for (let count = 0; count < 5; count++) {
        assert.equal((await verifier.verifyAsync(BODY, headers)).type, type)
        await pause(10)
      }
    }
    await assert.rejects(server.verifier().verifyAsync(BODY, headers), { code: 'keys_unavailable' })
  })
})

describe('an endpoint', () => {
  it('without keys answers 503, and to a forged token 403', async (context) => {
    const server = await issuer(context)
    const forged = { Authorization: `${server.signed().Authorization.slice(0, -8)}AAAAAAAA` }
    const silent = { onReject: () => {}, onError: () => {} }
    const good = new Receiver(server.verifier(), silent)
    assert.equal((await good.receive(BODY, forged, () => {})).status, 403)
    server.becomes({ at: 'jwks', status: 500, body: '' })
    const reply = await new Receiver(server.verifier(), silent).receive(BODY, server.signed(), () => {})
    assert.deepEqual([reply.outcome, reply.status], ['keys_unavailable', 503])
  })
})

describe('an export', () => {
  it('starts another verifier without a request', async (context) => {
    const server = await issuer(context)
    const first = server.verifier()
    assert.equal(first.exportKeys(), null)
    await first.prewarm()
    const keys = first.exportKeys()
    server.requests.length = 0
    assert.equal(codeOf(server.verifier({ keys }), server.signed()), type)
    const late = server.verifier()
    assert.equal(late.importKeys(keys), true)
    assert.equal(late.importKeys(keys), false)
    assert.equal(codeOf(late, server.signed()), type)
    assert.deepEqual(server.requests, [])
  })

  it('that is something else is refused', async (context) => {
    const server = await issuer(context)
    const keys = await dueKeys(server)
    for (const text of ['', '{}', keys.replace(server.origin, 'https://issuer.example')]) {
      assert.throws(() => server.verifier().importKeys(text), { code: 'invalid_key' })
      assert.throws(() => server.verifier({ keys: text }), { code: 'invalid_key' })
    }
    assert.throws(() => server.verifier().importKeys(), TypeError)
    assert.throws(() => new Verifier('fourvenues', { secret: 'a' }).importKeys(keys), {
      code: 'invalid_option',
    })
  })
})

describe('keys that could not be fetched safely', () => {
  const refused = [
    { allowInsecureLoopback: false },
    { issuer: 'http://issuer.example' },
    { issuer: 'acme' },
    { issuer: ['https://issuer.example', 'https://other.example'] },
    { jwksUri: 'http://issuer.example/jwks' },
    { jwksUri: 'file:///etc/passwd' },
    { jwksUri: 'https://issuer.example/jwks', jwks: { keys: [] } },
    { fetchTimeoutSeconds: 0 },
    { fetchTimeoutSeconds: 5.1 },
  ]
  for (const options of refused) {
    it(`are refused at once: ${JSON.stringify(options)}`, async (context) => {
      const server = await issuer(context)
      const code = options.jwks ? /^invalid_(option|key)$/ : /^invalid_option$/
      assert.throws(
        () => server.verifier(options),
        (error) => code.test(error.code),
      )
    })
  }
})

describe('a process', () => {
  it('gets no keys but by hand where it does not want to fetch', async (context) => {
    const server = await issuer(context)
    const verifier = server.verifier({ fetchKeys: false })
    await assert.rejects(verifier.verifyAsync(BODY, server.signed()), { code: 'keys_unavailable' })
    verifier.updateKeys(server.jwks)
    assert.equal((await verifier.verifyAsync(BODY, server.signed())).type, type)
    assert.deepEqual(server.requests, [])
  })

  it('ends when its work is done, and soon after a fetch that hangs', async (context) => {
    const server = await issuer(context)
    const program = `
      const { Verifier } = require('hookproof')
      const verifier = new Verifier('pitchpoint', {
        issuer: '${server.origin}', audience: 'acme', allowInsecureLoopback: true, fetchTimeoutSeconds: 1,
      })
      verifier.prewarm().catch(() => {})`
    const run = () =>
      promisify(execFile)(process.execPath, ['-e', program], {
        cwd: new URL('.', import.meta.url),
        timeout: 20_000,
      })
    const started = performance.now()
    await run()
    server.becomes({ at: 'discovery', hangs: true })
    await run()
    assert.ok(performance.now() - started < 6000)
  })
})
