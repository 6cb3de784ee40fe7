// Requests that are no events.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { SYSTEMS, signedBy } from '../systems.mjs'

const [fourvenues] = SYSTEMS

export function requestScenarios({ name, served }) {
  describe(`${name}: a request`, () => {
    it('that is no POST gets 405', async (context) => {
      const { send, seen } = await served(context)
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const { status, headers, text } = await send({ ...signedBy(fourvenues), method })
        assert.deepEqual([status, headers.get('allow'), text], [405, 'POST', ''])
      }
      assert.deepEqual([seen.handled, seen.rejected], [[], []])
      assert.deepEqual(seen.outcomes, Array(3).fill(['method_not_allowed', null]))
    })

    it('that is a handshake in the query is answered', async (context) => {
      const greeted = []
      const { send, seen } = await served(context, {
        source: 'meta',
        options: { secret: 's3cr3t', verifyToken: 'token', onHandshake: ({ name }) => greeted.push(name) },
      })
      const query = 'hub.mode=subscribe&hub.verify_token=token&hub.challenge=a%20b%2B1'
      const { status, text } = await send({ method: 'GET', headers: {}, path: `/hooks?${query}` })
      assert.deepEqual([status, text, greeted], [200, 'a b+1', ['subscribe']])
      assert.deepEqual([seen.handled, seen.outcomes], [[], [['ping', null]]])
    })

    it('that is signed with its URL needs that to be configured', async (context) => {
      const { send, seen } = await served(context, { source: 'twilio', options: { secret: 's3cr3t' } })
      const headers = {
        'Content-Type': 'application/x-www-form-urlencoded',
        'X-Twilio-Signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      }
      assert.equal((await send({ method: 'POST', headers, body: Buffer.from('a=b') })).status, 500)
      assert.deepEqual(seen.failed, [['invalid_option', null]])
    })

    it('without a body is refused', async (context) => {
      const { send, seen } = await served(context)
      assert.equal((await send({ method: 'POST', headers: {} })).status, 403)
      assert.deepEqual(seen.rejected, ['missing_header'])
    })
  })
}
