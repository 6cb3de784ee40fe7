// A worker that is in the middle of calls of every kind until it is terminated.
import { parentPort } from 'node:worker_threads'

import { HookproofError, Receiver, Signer, Verifier } from 'hookproof'

const secret = 's3cr3t'
const verifier = new Verifier('fourvenues', { secret })
const receiver = new Receiver(verifier, { onReject: () => {} })
const small = signed('{"id":"1","event":"x","payload":{}}')
const large = signed(`{"id":"1","event":"x","payload":"${'a'.repeat(512 * 1024)}"}`)

parentPort.postMessage('started')

for (;;) {
  for (let round = 0; round < 200; round++) refused(() => verifier.verify(`${small.body} `, small.headers))
  const pending = [large, large, large, small].map(({ body, headers }) => verifier.verifyAsync(body, headers))
  await receiver.receive(large.body, large.headers, () => {})
  await Promise.race(pending)
  parentPort.postMessage('round')
}

function signed(text) {
  const { headers, body } = new Signer('fourvenues', { secret }).sign(text)
  return { headers, body: Buffer.from(body) }
}

function refused(verify) {
  try {
    verify()
  } catch (error) {
    if (error instanceof HookproofError) return
    throw error
  }
  throw new Error('a forged request was accepted')
}
