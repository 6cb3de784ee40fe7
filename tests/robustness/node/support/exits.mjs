// Ends the process in the way that is asked for, while bodies are hashed in other threads.
import { Receiver, Signer, Verifier } from 'hookproof'

const [, , way] = process.argv
const secret = 's3cr3t'
const verifier = new Verifier('fourvenues', { secret })
const { headers, body } = new Signer('fourvenues', { secret }).sign(
  `{"id":"1","event":"x","payload":"${'a'.repeat(4 * 1024 * 1024)}"}`,
)
const pending = Array.from({ length: 12 }, () => verifier.verifyAsync(body, headers))
const received = new Receiver(verifier, { maxBody: body.length }).receive(body, headers, () => {})

const ways = {
  exit: () => process.exit(7),
  'exit-later': async () => {
    await Promise.race(pending)
    process.exit(7)
  },
  throw: () => {
    throw new Error('on purpose')
  },
  'on-exit': () => {
    process.on('exit', () => {
      verifier.verify(body, headers)
      process.exitCode = 7
    })
  },
  end: async () => {
    await Promise.all([...pending, received])
    process.exitCode = 7
  },
}
await ways[way]()
