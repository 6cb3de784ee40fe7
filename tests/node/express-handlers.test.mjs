// The middleware with a handler of its own.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { VERSIONS, withHandler } from './support/application.mjs'
import { sign } from './support/senders.mjs'
import { post } from './support/server.mjs'

const request = sign()

for (const [name, express] of VERSIONS) {
  describe(`${name}: a handler`, () => {
    it('gets the event, and the reply is the provider’s', async (context) => {
      const got = []
      const { url } = await withHandler(express, context, (event, req, res) => {
        got.push([event.id, req.method, typeof res.json])
      })
      const { status, text } = await post(url, request)
      assert.deepEqual([status, text, got], [200, '', [['5f7b', 'POST', 'function']]])
      assert.equal((await post(url, request)).status, 200)
      assert.equal(got.length, 1)
    })

    it('that fails is answered with 500 and may try again', async (context) => {
      const outcomes = ['fail', 'reject', 'succeed']
      const { url, failed } = await withHandler(express, context, async () => {
        const outcome = outcomes.shift()
        if (outcome !== 'succeed') throw new Error(outcome)
      })
      assert.equal((await post(url, request)).status, 500)
      assert.equal((await post(url, request)).status, 500)
      assert.equal((await post(url, request)).status, 200)
      assert.deepEqual([outcomes, failed], [[], ['fail', 'reject']])
    })

    it('may answer for itself', async (context) => {
      const statuses = [503, 202]
      const { url } = await withHandler(express, context, (_event, _req, res) =>
        res.status(statuses.shift()).send('mine'),
      )
      assert.deepEqual(await statusAndText(url), [503, 'mine'])
      assert.deepEqual(await statusAndText(url), [202, 'mine'])
      assert.deepEqual(await statusAndText(url), [200, ''])
    })

    it('that fails in the middle of its answer does not look like a success', async (context) => {
      const { url } = await withHandler(express, context, (_event, _req, res) => {
        res.write('half')
        throw new Error('in the middle')
      })
      await assert.rejects(post(url, request))
    })
  })
}

async function statusAndText(url) {
  const { status, text } = await post(url, request)
  return [status, text]
}
