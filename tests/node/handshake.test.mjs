import assert from 'node:assert/strict'
import { createServer, request as send } from 'node:http'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'

import express from 'express'
import express4 from 'express4'
import { Handshake, MemoryStore, Provider, Receiver, Signer, VerificationError, Verifier } from 'hookproof'
import { webhook } from 'hookproof/express'

const SECRET = 's3cr3t'
const CHALLENGE = '{"type":"url_verification","challenge":"3eZbrw1a"}'
const HANDED_OVER = 'b537207f20cbfa02357cf448134da559'
const slack = new Verifier('slack', { secret: SECRET })

function signed(provider, body, parts) {
  return new Signer(provider, { secret: SECRET }).sign(body, parts).headers
}

/** Makes real requests to an app of a version of Express. */
async function serving(app, use) {
  const server = createServer(app).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    return await use((method, path, options) => call(server.address().port, method, path, options))
  } finally {
    server.close()
  }
}

function call(port, method, path, { headers = {}, body = '' } = {}) {
  return new Promise((resolve, reject) => {
    const request = send({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => {
        const { statusCode: status, headers } = response
        resolve({ status, headers, body: Buffer.concat(chunks).toString() })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

describe('a signed challenge', () => {
  it('is verified and then answered', () => {
    const handshake = slack.handshake(CHALLENGE, signed('slack', CHALLENGE), { method: 'POST' })
    assert.ok(handshake instanceof Handshake)
    assert.equal(handshake.name, 'url_verification')
    assert.equal(handshake.keep, null)
    const { status, body, outcome } = handshake.reply
    assert.deepEqual([status, body, outcome], [200, '3eZbrw1a', 'ping'])
  })

  it('is not answered when it is forged', () => {
    const headers = signed('slack', CHALLENGE.replace('3eZbrw1a', 'other'))
    assert.throws(() => slack.handshake(CHALLENGE, headers), VerificationError)
  })

  it('is a ping for verify, which has the same answer', () => {
    const headers = signed('slack', CHALLENGE)
    const event = slack.verify(CHALLENGE, headers)
    assert.equal(event.isPing, true)
    assert.equal(event.handshake.name, 'url_verification')
    assert.deepEqual(event.handshake.reply, slack.handshake(CHALLENGE, headers).reply)
  })

  it('has headers and a body in any script in its answer', () => {
    const body = '{"type":"url_verification","challenge":"é😀;1;"}'
    const event = slack.verify(body, signed('slack', body))
    assert.equal(event.handshake.reply.body, 'é😀;1;')
    assert.deepEqual(event.handshake.reply, slack.handshake(body, signed('slack', body)).reply)
    assert.equal(event.proof.covers.includes('body'), true)
  })

  it('is answered by a receiver and handled by nobody', async () => {
    const told = []
    const store = new MemoryStore()
    const receiver = new Receiver(slack, { store, onHandshake: ({ name }) => told.push(name) })
    const handler = () => assert.fail('a handshake is no event')
    const reply = await receiver.receive(CHALLENGE, signed('slack', CHALLENGE), handler)
    assert.deepEqual([reply.status, reply.body, reply.outcome, store.size], [200, '3eZbrw1a', 'ping', 0])
    assert.deepEqual(told, ['url_verification'])
  })
})

describe('an event', () => {
  it('is no handshake', () => {
    const body = '{"type":"event_callback","event_id":"Ev1","event":{"type":"message"}}'
    const headers = signed('slack', body)
    assert.equal(slack.handshake(body, headers), null)
    assert.equal(slack.verify(body, headers).handshake, null)
  })
})

describe('a secret that is handed over', () => {
  const asana = Provider.named('asana')
  const headers = { 'X-Hook-Secret': HANDED_OVER }

  it('is kept and echoed before there is a verifier', () => {
    const handshake = asana.handshake('{}', headers, { method: 'POST' })
    assert.equal(handshake.keep, HANDED_OVER)
    assert.deepEqual(handshake.reply.headers, { 'X-Hook-Secret': HANDED_OVER })
    assert.equal(asana.handshake('{}', {}), null)
    assert.equal(asana.handshake('{}', headers, { method: 'GET' }), null)
  })

  it('is read from every shape of headers', () => {
    const shapes = [new Headers(headers), new Map(Object.entries(headers)), Object.entries(headers).flat()]
    for (const shape of shapes) assert.equal(asana.handshake('{}', shape).keep, HANDED_OVER)
    const twice = [...Object.entries(headers), ...Object.entries(headers)]
    assert.throws(() => asana.handshake('{}', twice), { code: 'duplicate_header' })
  })

  it('is not shown', () => {
    const handshake = asana.handshake('{}', headers)
    for (const text of [
      inspect(handshake),
      inspect({ handshake }, { depth: 9 }),
      JSON.stringify(handshake),
    ]) {
      assert.ok(!text.includes(HANDED_OVER), text)
    }
    assert.match(inspect(handshake), /^Handshake \{ name: 'x-hook-secret', status: 200 \}$/)
  })

  it('reaches onHandshake, which is waited for', async () => {
    const kept = []
    const onHandshake = async ({ keep }) => {
      await new Promise((resolve) => setImmediate(resolve))
      kept.push(keep)
    }
    const receiver = new Receiver(new Verifier('asana', { secret: SECRET }), { onHandshake })
    const reply = await receiver.receive('{}', headers, () => assert.fail('no event'), { method: 'POST' })
    assert.deepEqual([reply.status, reply.outcome, kept], [200, 'ping', [HANDED_OVER]])
    assert.deepEqual(reply.headers, { 'X-Hook-Secret': HANDED_OVER })
  })

  it('is not confirmed when it could not be kept', async () => {
    const failed = []
    const receiver = new Receiver(new Verifier('asana', { secret: SECRET }), {
      onHandshake: () => Promise.reject(new Error('the disk is full')),
      onError: (error, event) => failed.push([error.message, event]),
    })
    const reply = await receiver.receive('{}', headers, () => {})
    assert.deepEqual([reply.outcome, reply.headers['X-Hook-Secret']], ['handler_failed', undefined])
    assert.deepEqual(failed, [['the disk is full', null]])
  })

  it('leaves signed events as they are', async () => {
    const body = '{"events":[{"action":"changed"}]}'
    const receiver = new Receiver(new Verifier('asana', { secret: SECRET }))
    const reply = await receiver.receive(body, signed('asana', body), () => {})
    assert.equal(reply.outcome, 'accepted')
  })
})

for (const [version, framework] of [
  ['Express 5', express],
  ['Express 4', express4],
]) {
  describe(version, () => {
    const subscription = '/hooks?hub.mode=subscribe&hub.challenge=42&hub.verify_token='

    it('answers a subscription to who knows the token', async () => {
      const app = framework()
      app.all(
        '/hooks',
        webhook('meta', { secret: SECRET, verifyToken: 'mine', onReject: () => {} }, () => {}),
      )
      await serving(app, async (request) => {
        const reply = await request('GET', `${subscription}mine`)
        assert.deepEqual([reply.status, reply.body], [200, '42'])
        assert.equal((await request('GET', `${subscription}other`)).status, 405)
        assert.equal((await request('GET', '/hooks')).status, 405)
        assert.equal((await request('PUT', `${subscription}mine`, { body: 'x' })).status, 405)
      })
    })

    it('finds the query below a router and behind a parser', async () => {
      const app = framework()
      const router = framework.Router()
      router.use(
        '/hooks',
        webhook('meta', { secret: SECRET, verifyToken: 'mine' }, () => {}),
      )
      app.use(framework.json())
      app.use('/api', router)
      await serving(app, async (request) => {
        assert.equal((await request('GET', `/api${subscription}mine`)).body, '42')
      })
    })

    it('answers HEAD and OPTIONS where the provider asks with them', async () => {
      const app = framework()
      const cloudevents = new Verifier('cloudevents', { secret: SECRET })
      app.all(
        '/trello',
        webhook('trello', { secret: SECRET, url: 'https://example.com/trello' }, () => {}),
      )
      app.use(
        '/cloudevents',
        webhook(cloudevents, {}, () => {}),
      )
      app.all(
        '/slack',
        webhook(slack, {}, () => {}),
      )
      await serving(app, async (request) => {
        const head = await request('HEAD', '/trello')
        assert.deepEqual([head.status, head.body], [200, ''])
        const headers = { 'WebHook-Request-Origin': 'events.example' }
        const allowed = await request('OPTIONS', '/cloudevents', { headers })
        assert.equal(allowed.status, 200)
        assert.equal(allowed.headers['webhook-allowed-origin'], 'events.example')
        assert.equal((await request('HEAD', '/slack')).status, 405)
        assert.equal((await request('OPTIONS', '/slack')).status, 405)
      })
    })

    it('verifies the URL that is configured, not the one behind the proxy', async () => {
      const app = framework()
      const failed = []
      const url = 'https://example.com/public'
      const body = '{"action":{"id":"a1","type":"updateCard"}}'
      const onError = (error) => failed.push(error.code)
      app.post(
        '/inside',
        webhook('trello', { secret: SECRET, url }, () => {}),
      )
      app.post(
        '/unset',
        webhook('trello', { secret: SECRET, onError }, () => {}),
      )
      const headers = signed('trello', body, { url })
      await serving(app, async (request) => {
        assert.equal((await request('POST', '/inside', { headers, body })).status, 200)
        assert.equal((await request('POST', '/unset', { headers, body })).status, 500)
      })
      assert.deepEqual(failed, ['invalid_option'])
    })
  })
}

describe('the option url', () => {
  const body = '{"action":{"id":"a1","type":"updateCard"}}'
  const url = 'https://example.com/public'

  it('takes the place of the URL of the request, but for its query', () => {
    const verifier = new Verifier('trello', { secret: SECRET, url })
    const seen = 'http://10.0.0.7:8080/inside'
    verifier.verify(body, signed('trello', body, { url }), { url: seen })
    verifier.verify(body, signed('trello', body, { url: `${url}?a=1` }), { url: `${seen}?a=1` })
    assert.throws(() => verifier.verify(body, signed('trello', body, { url: seen }), { url: seen }), {
      code: 'no_matching_signature',
    })
  })

  it('and verifyToken are texts', () => {
    assert.throws(() => new Verifier('trello', { secret: SECRET, url: new URL(url) }), TypeError)
    assert.throws(() => new Verifier('meta', { secret: SECRET, verifyToken: 1 }), TypeError)
  })

  it('is the verifier’s where Express is given one', () => {
    const verifier = new Verifier('trello', { secret: SECRET, url })
    assert.throws(() => webhook(verifier, { url }), { code: 'invalid_option' })
  })
})

describe('a provider', () => {
  it('describes itself', () => {
    const description = Provider.named('github').describe()
    assert.equal(description.name, 'github')
    assert.deepEqual(description.covers, ['body'])
    assert.ok(description.headers.some((name) => name.toLowerCase() === 'x-hub-signature-256'))
    assert.equal(description.replies.method_not_allowed, 405)
    assert.deepEqual(Provider.named('slack').describe().handshakes, ['url_verification'])
  })

  it('says what its facts are founded on', () => {
    for (const name of Provider.names()) {
      const provider = Provider.named(name)
      assert.ok(['source', 'documentation', 'second-hand'].includes(provider.evidence), name)
      assert.equal(provider.describe().evidence, provider.evidence)
    }
    const { evidence, ...own } = Provider.named('fourvenues').toObject()
    assert.equal(Provider.fromObject({ ...own, name: 'own' }).evidence, null, evidence)
  })

  it('is guessed from headers of every shape', () => {
    const headers = { 'X-GitHub-Event': 'push', 'X-Hub-Signature-256': 'x', 'X-GitHub-Delivery': '1' }
    const pairs = Object.entries(headers)
    for (const shape of [headers, pairs, pairs.flat(), new Map(pairs), new Headers(headers)]) {
      assert.equal(Provider.detect(shape)[0], 'github')
    }
    assert.deepEqual(Provider.detect({ 'content-type': 'application/json' }), [])
    assert.deepEqual(Provider.detect({ 'x-fe-webhook-signature': undefined }), [])
    assert.throws(() => Provider.detect(undefined), TypeError)
  })

  it('tells whether a verifier answers what is not signed', () => {
    assert.equal(new Verifier('trello', { secret: SECRET }).answersUnsigned, true)
    assert.equal(slack.answersUnsigned, false)
  })
})
