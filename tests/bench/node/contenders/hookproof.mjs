// hookproof: every call verifies to an event and reads its id and type, which is what a handler branches on.
import assert from 'node:assert/strict'

/** Verifies. */
export const hookproof = (library, name) => reading(library, name, () => 0)

/** Verifies, and reads the data of the event, which is parsed then. */
export const hookproofWithData = (library, name) => reading(library, name, ({ data }) => data.order.length)

const reading = (library, name, read) => (delivery) => ({
  name,
  judge(headers) {
    const { verifier, body } = verifierFor(library, delivery)
    return {
      run() {
        const event = verifier.verify(body, headers)
        return event.id.length + event.type.length + read(event)
      },
    }
  },
})

/** Verifies off the event loop: so many at a time. */
export const hookproofAsync = (library, name, works) => (delivery) => ({
  name,
  judge(headers) {
    const { verifier, body } = verifierFor(library, delivery)
    const verify = async () => {
      const event = await verifier.verifyAsync(body, headers)
      return event.id.length + event.type.length
    }
    if (works === 1) return { run: verify, works }
    return {
      run: async () => (await Promise.all(Array.from({ length: works }, verify))).every(Boolean),
      works,
    }
  },
})

function verifierFor({ Provider, Verifier }, { provider, secret, body, headers, id, type }) {
  const known = typeof provider === 'string' ? provider : Provider.fromObject(provider)
  const verifier = new Verifier(known, { secret })
  const event = verifier.verify(body, headers)
  assert.deepEqual({ id: event.id, type: event.type }, { id, type })
  return { verifier, body }
}
