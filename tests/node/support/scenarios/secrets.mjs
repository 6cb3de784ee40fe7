// Secrets that are found for each request.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Verifier } from 'hookproof'

import { SYSTEMS, signedBy } from '../systems.mjs'

const [fourvenues, , fastEvents] = SYSTEMS

export function secretScenarios({ name, served }) {
  describe(`${name}: a secret that is a function`, () => {
    const tenants = { acme: 'secret-of-acme', other: 'secret-of-other' }
    const signedFor = (tenant, headers = { 'X-Tenant': tenant }) => {
      const signed = signedBy({ ...fourvenues, signer: { secret: tenants[tenant] } })
      return { ...signed, headers: { ...signed.headers, ...headers } }
    }

    it('is asked for each request, by its headers and path', async (context) => {
      const asked = []
      const secret = async ({ headers, method, path, url }) => {
        asked.push([method, path, url.slice(url.indexOf('/hooks'))])
        return tenants[headers.get('x-TENANT')]
      }
      const { send, seen } = await served(context, { options: { secret } })
      const request = signedFor('acme')
      assert.equal((await send({ ...request, path: '/hooks?a=b' })).status, 200)
      assert.equal((await send(request)).status, 200)
      // The ids are the same, and yet one customer's are not another's.
      assert.equal((await send(signedFor('other'))).status, 200)
      assert.equal((await send(signedFor('acme', { 'X-Tenant': 'other' }))).status, 403)
      assert.deepEqual(
        seen.outcomes.map(([outcome]) => outcome),
        ['accepted', 'duplicate', 'accepted', 'not_authentic'],
      )
      assert.deepEqual(asked[0], ['POST', '/hooks', '/hooks?a=b'])
    })

    it('that knows nobody refuses as a forgery is refused', async (context) => {
      const store = { claim: () => assert.fail('the store was reached') }
      const options = { secret: () => null, store: { complete: () => true, release: () => true, ...store } }
      for (const system of [fourvenues, fastEvents]) {
        const { send, seen } = await served(context, { system, options })
        const { status, text } = await send(signedBy(system))
        assert.deepEqual([status, text, seen.handled], [system.status, '', []])
        assert.deepEqual(seen.rejected, ['no_matching_signature'])
      }
    })

    it('that fails asks to come back', async (context) => {
      for (const secret of [
        () => Promise.reject(new Error('the database is down')),
        () => {
          throw new Error('the database is down')
        },
      ]) {
        const { send, seen } = await served(context, { options: { secret } })
        const { status, headers } = await send(signedBy(fourvenues))
        assert.deepEqual([status, headers.get('retry-after'), seen.handled], [503, '30', []])
        assert.deepEqual([seen.failed, seen.rejected], [[['the database is down', null]], []])
        assert.deepEqual(seen.outcomes, [['keys_unavailable', null]])
      }
    })

    it('that finds an unusable secret asks to come back', async (context) => {
      const { send, seen } = await served(context, { options: { secret: () => ' ' } })
      assert.equal((await send(signedBy(fourvenues))).status, 503)
      assert.deepEqual(seen.failed, [['invalid_secret', null]])
    })

    it('is not asked for what is no POST, where there are no such handshakes', async (context) => {
      const { send, seen } = await served(context, { options: { secret: () => assert.fail('asked') } })
      assert.equal((await send({ method: 'GET', headers: {} })).status, 405)
      assert.deepEqual(seen.failed, [])
    })

    it('may stand in a function that chooses verifiers', async (context) => {
      const verifier = new Verifier('fourvenues', fourvenues.options)
      const source = ({ headers }) => (headers.has('X-Webhook-Signature') ? verifier : undefined)
      const { send } = await served(context, { source, options: { replies: 'fourvenues' } })
      assert.equal((await send(signedBy(fourvenues))).status, 200)
      assert.equal((await send({ method: 'POST', headers: {} })).status, 403)
    })
  })
}
