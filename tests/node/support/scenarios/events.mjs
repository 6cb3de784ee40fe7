// Events that are new, forged, stale, repeated or fail.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { forgedFor, SYSTEMS, signedBy } from '../systems.mjs'

const [fourvenues, , fastEvents] = SYSTEMS

export function eventScenarios({ name, served }) {
  describe(`${name}: an event`, () => {
    for (const system of SYSTEMS) {
      it(`of ${system.provider} is handled once`, async (context) => {
        const { send, seen } = await served(context, { system })
        const first = await send(signedBy(system))
        assert.deepEqual([first.status, first.text], [200, ''])
        assert.equal((await send(signedBy(system))).status, 200)
        assert.deepEqual(seen.handled, [system.type])
        assert.deepEqual(seen.repeated, [system.type])
        assert.deepEqual(seen.outcomes, [
          ['accepted', system.type],
          ['duplicate', system.type],
        ])
      })

      it(`of ${system.provider} that is forged is answered as the provider wants it`, async (context) => {
        const { send, seen } = await served(context, { system })
        const { status, text } = await send(forgedFor(system))
        assert.deepEqual([status, text, seen.handled], [system.status, '', []])
        assert.deepEqual(
          [seen.rejected, seen.outcomes],
          [['no_matching_signature'], [['not_authentic', null]]],
        )
      })
    }

    for (const system of SYSTEMS.filter(({ isTimed }) => isTimed)) {
      it(`of ${system.provider} that is stale is refused`, async (context) => {
        const { send, seen } = await served(context, { system })
        const { status, text } = await send(signedBy(system, { isStale: true }))
        assert.deepEqual(
          [status, text, seen.handled, seen.outcomes],
          [system.status, '', [], [['stale', null]]],
        )
      })
    }

    it('that is a ping is answered and not handled', async (context) => {
      const { send, seen } = await served(context, { system: fastEvents })
      const { status } = await send(signedBy(fastEvents, { body: '' }))
      assert.deepEqual([status, seen.handled, seen.rejected], [200, [], []])
      assert.equal(seen.outcomes[0][0], 'ping')
    })

    it('whose handler fails is answered with 500, and handled again', async (context) => {
      const failures = [new Error('one'), new Error('two')]
      const { send, seen } = await served(context, {
        handler: async () => {
          if (failures.length > 0) throw failures.shift()
        },
      })
      const statuses = []
      for (let count = 0; count < 4; count++) statuses.push((await send(signedBy(fourvenues))).status)
      assert.deepEqual([statuses, seen.handled.length], [[500, 500, 200, 200], 3])
      assert.deepEqual(
        seen.outcomes.map(([outcome]) => outcome),
        ['handler_failed', 'handler_failed', 'accepted', 'duplicate'],
      )
      assert.deepEqual(seen.failed, [
        ['one', 'payment.success'],
        ['two', 'payment.success'],
      ])
    })

    it('that comes again while it is being handled may come back', async (context) => {
      let finish
      const { send, seen } = await served(context, {
        handler: () =>
          new Promise((resolve) => {
            finish = resolve
            second.resolve(send(signedBy(fourvenues)))
          }),
      })
      const second = deferred()
      const first = send(signedBy(fourvenues))
      const { status, headers } = await second.promise
      finish()
      assert.deepEqual([status, headers.get('retry-after'), (await first).status], [503, '10', 200])
      assert.deepEqual(seen.handled.length, 1)
    })

    it('that no store can claim may come back', async (context) => {
      const down = () => Promise.reject(new Error('the store is down'))
      const options = { store: { claim: down, complete: down, release: down } }
      const { send, seen } = await served(context, { options })
      assert.equal((await send(signedBy(fourvenues))).status, 503)
      assert.deepEqual([seen.handled, seen.outcomes], [[], [['store_unavailable', 'payment.success']]])
    })

    it('watched by functions that fail is handled all the same', async (context) => {
      const printed = context.mock.method(console, 'error', () => {})
      const fail = () => {
        throw new Error('a watcher')
      }
      const { send, seen } = await served(context, { options: { onOutcome: fail, onDuplicate: fail } })
      const statuses = [(await send(signedBy(fourvenues))).status, (await send(signedBy(fourvenues))).status]
      assert.deepEqual([statuses, seen.handled.length], [[200, 200], 1])
      assert.ok(printed.mock.callCount() >= 3)
    })
  })
}

function deferred() {
  let resolve
  const promise = new Promise((take) => {
    resolve = take
  })
  return { promise, resolve }
}
