// Calls exports of the native module while they are made to panic, and prints what came of each as JSON.
// Run with a package whose native module is a debug build; `test_no_panic_crosses.py` makes it.
'use strict'

const { Delivery, Provider, RetryPolicy, Signer, SqliteStore, Verifier } = require(process.env.PACKAGE)

const verifier = new Verifier('github', { secret: 's3cr3t' })
const signer = new Signer('github', { secret: 's3cr3t' })
const signed = signer.sign('{}')
const file = new SqliteStore(process.env.STORE)

const CALLS = {
  verify: ['request', () => verifier.verify(signed.body, signed.headers)],
  verifyAsync: ['request', () => verifier.verifyAsync(signed.body, signed.headers)],
  'handshake, request': ['request', () => verifier.handshake('', {})],
  'handshake, answer': ['export', () => verifier.handshake('', {})],
  Verifier: ['export', () => new Verifier('github', { secret: 's3cr3t' })],
  Signer: ['export', () => new Signer('github', { secret: 's3cr3t' })],
  sign: ['export', () => signer.sign('{}')],
  Provider: ['export', () => Provider.fromObject({})],
  RetryPolicy: ['export', () => RetryPolicy.of('github')],
  Delivery: ['export', () => Delivery.fromJSON('{}')],
  SqliteStore: ['export', () => new SqliteStore(process.env.STORE)],
  'SqliteStore, thread': ['thread', () => file.claim('key', 1)],
}

async function outcome(place, call) {
  process.env.HOOKPROOF_FORCED_PANIC = place
  try {
    await call()
    return ['nothing was thrown']
  } catch (error) {
    return [error.constructor.name, error.code ?? '', error.message]
  } finally {
    delete process.env.HOOKPROOF_FORCED_PANIC
  }
}

async function main() {
  const outcomes = {}
  for (const [name, [place, call]] of Object.entries(CALLS)) outcomes[name] = await outcome(place, call)
  // What panicked goes on working.
  outcomes.afterwards = [verifier.verify(signed.body, signed.headers).proof.algorithm]
  console.log(JSON.stringify(outcomes))
}

main()
