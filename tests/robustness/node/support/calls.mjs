// Calls of every kind, good and hostile, made of the vectors. Each one checks what came of it.
import assert from 'node:assert/strict'

import { HookproofError, MemoryStore, Receiver, Signer } from 'hookproof'

import { bodyOf, providerOf, verdictOf, verifierOf } from '../../../node/support/case.mjs'
import { casesOf } from '../../../node/support/vectors.mjs'

/** Makes one call of each case; those with a body of megabytes are for the tests of large bodies. */
export function verifications() {
  const verifiers = new Map()
  return casesOf('verify')
    .filter((task) => !task.body_repeat && !task.options?.jwks_sequence)
    .map((task) => {
      const { provider, secret, options, method, url, now, headers } = task
      const key = JSON.stringify([provider, secret, options])
      if (!verifiers.has(key)) verifiers.set(key, builtOrRefused(task))
      const verifier = verifiers.get(key)
      const body = bodyOf(task)
      const request = { now, method, url }
      // What is refused when it is built is built each time.
      return () => check(task, () => (verifier ?? verifierOf(task)).verify(body, headers, request))
    })
}

function builtOrRefused(task) {
  try {
    return verifierOf(task)
  } catch (error) {
    assert.ok(error instanceof HookproofError)
    return null
  }
}

function check(task, verify) {
  let event
  try {
    event = verify()
  } catch (error) {
    if (!(error instanceof HookproofError)) throw error
    if (error.code !== task.expect.code) assert.fail(`${task.id}: ${verdictOf(error)} ${error.code}`)
    return
  }
  if (task.expect.verdict !== 'accept') assert.fail(`${task.id} was accepted`)
  // Reads what is read late: the payload, the attributes, the proof.
  if (event.data === undefined || !event.idempotencyKey || !event.attributes || !event.proof) assert.fail()
}

/** Makes one call of each message that is signed. */
export function signings() {
  return casesOf('sign').map(({ provider, secret, options, message }) => {
    const { key_id: keyId, ...rest } = options
    const signer = new Signer(providerOf(provider), { secret, keyId, ...rest })
    const body = bodyOf(message)
    const { id, type, now, method, url, attributes } = message
    return () => void signer.sign(body, { id, type, now, method, url, attributes })
  })
}

/** Makes one call of each request that a receiver would get; the store keeps the last thousand deliveries. */
export function receptions() {
  const store = new MemoryStore({ capacity: 1000 })
  const silent = { store, onReject: () => {}, onError: () => {} }
  return casesOf('verify')
    .filter((task) => task.expect.verdict === 'accept' && !task.body_parsed && !task.body_repeat)
    .map((task) => {
      const receiver = new Receiver(verifierOf(task), silent)
      const { headers, method, url } = task
      const body = bodyOf(task)
      return async () => {
        const { status } = await receiver.receive(body, headers, () => {}, { method, target: url })
        if (!(status >= 200 && status < 600)) assert.fail(`${task.id}: ${status}`)
      }
    })
}

/** Makes calls whose bodies another thread hashes, authentic and forged. */
export function largeVerifications() {
  const verifier = verifierOf({ provider: 'fast-events', secret: 's3cr3t' })
  return [64, 128, 1024].flatMap((kib) => {
    const body = Buffer.from(`{"id":"1","text":"${'a'.repeat(kib * 1024)}"}`)
    const { headers } = new Signer('fast-events', { secret: 's3cr3t' }).sign(body, { type: 'order.created' })
    const forged = Buffer.from(body)
    forged[forged.length - 3] ^= 1
    return [
      async () => assert.equal((await verifier.verifyAsync(body, headers)).body.length, body.length),
      () => assert.rejects(verifier.verifyAsync(forged, headers), { code: 'no_matching_signature' }),
    ]
  })
}
