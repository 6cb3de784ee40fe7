// Which addresses a sender connects to: by names, by addresses that stand in the URL, and by every shape of a lookup.
import assert from 'node:assert/strict'
import dns from 'node:dns'
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'

import { AddressPolicy, AddressRefusedError, ConfigurationError, HookproofError } from 'hookproof'

import { serve } from './support/server.mjs'
import { vectors } from './support/vectors.mjs'

const policy = new AddressPolicy()
const onLoopback = new AddressPolicy({ allow: '127.0.0.1' })

/** Serves 200 to whoever connects, and counts them. */
async function served(context) {
  const seen = { connections: 0 }
  const { port, server } = await serve(context, (_request, response) => response.end('ok'))
  server.on('connection', () => seen.connections++)
  return { port, seen }
}

/** Makes one request and returns its status. */
async function get(url, options, transport = http) {
  const [response] = await once(transport.get(url, options), 'response')
  response.resume()
  return response.statusCode
}

const isRefusal = (address, refusal) => (error) =>
  error instanceof AddressRefusedError &&
  error instanceof HookproofError &&
  error.name === 'AddressRefusedError' &&
  error.code === 'address_refused' &&
  (address === undefined || error.address === address) &&
  (refusal === undefined || error.refusal === refusal)

/** Lets names lead where the test says. */
function names(context, addresses) {
  return context.mock.method(dns, 'lookup', (name, _options, callback) => {
    const found = addresses[name].map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    process.nextTick(callback, null, found)
  })
}

describe('an address policy', () => {
  it('permits public addresses and says why it refuses others', () => {
    assert.equal(policy.refusal('93.184.215.14'), null)
    assert.equal(policy.permits('2606:2800:21f:cb07:6820:80da:af6b:8b2c'), true)
    assert.equal(policy.refusal('127.0.0.1'), 'loopback')
    assert.equal(policy.refusal('169.254.169.254'), 'link_local')
    assert.equal(policy.refusal('::ffff:10.0.0.1'), 'private')
    assert.equal(policy.permits('10.0.0.1'), false)
  })

  it('permits what is allowed, and refuses what is denied before that', () => {
    const own = new AddressPolicy({ allow: ['10.1.0.0/16', 'fd00::/8'], deny: '10.1.2.3' })
    assert.equal(own.refusal('10.1.0.1'), null)
    assert.equal(own.refusal('fd00::7'), null)
    assert.equal(own.refusal('10.1.2.3'), 'denied')
    assert.equal(own.refusal('10.2.0.1'), 'private')
  })

  it('takes no name for an address', () => {
    for (const text of ['localhost', '', '127.1', '0x7f.0.0.1', '2130706433', '[::1]', '127.0.0.1:80']) {
      assert.throws(
        () => policy.permits(text),
        (error) => error instanceof ConfigurationError && error.code === 'invalid_option',
        text,
      )
    }
    for (const address of [undefined, null, 1, {}]) assert.throws(() => policy.refusal(address), TypeError)
  })

  it('says what is wrong with its options', () => {
    const refuses = (given) => assert.throws(() => new AddressPolicy(given), { code: 'invalid_option' })
    for (const allow of ['10.0.0.0/33', 'example.com', '', '10.0.0.1/8']) refuses({ allow })
    refuses({ deny: ['::1', 'nothing'] })
    refuses({ allowed: [] })
    assert.throws(() => new AddressPolicy({ allow: 1 }), TypeError)
  })

  it('refuses a URL by the address that stands in it, however it is spelt', () => {
    for (const host of ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '127.1'])
      assert.throws(() => policy.check(`http://${host}:8080/a`), isRefusal(undefined, 'loopback'), host)
    assert.throws(() => policy.check('http://169.254.169.254/latest'), isRefusal('169.254.169.254'))
    for (const url of ['https://93.184.215.14/', new URL('http://localhost/')]) policy.check(url)
    assert.throws(() => policy.check('no URL'), TypeError)
  })
})

describe('the vectors of addresses', () => {
  const { cases, invalid_addresses: addresses, invalid_rules: rules } = vectors('addresses.json')

  for (const { id, comment, address, allow, deny, expect } of cases) {
    it(`${id}: ${comment}`, () => {
      const { refusal } = expect
      const given = new AddressPolicy({ allow, deny })
      assert.equal(given.refusal(address), refusal)
      assert.equal(given.permits(address), refusal === null)
    })
  }

  for (const { id, comment, text } of addresses) {
    it(`${id}: ${comment}`, () => assert.throws(() => policy.refusal(text), { code: 'invalid_option' }))
  }

  for (const { id, comment, text } of rules) {
    it(`${id}: ${comment}`, () => {
      assert.throws(() => new AddressPolicy({ allow: [text] }), { code: 'invalid_option' })
      assert.throws(() => new AddressPolicy({ deny: [text] }), { code: 'invalid_option' })
    })
  }
})

describe('the lookup of an address policy', () => {
  const lookup = promisify(policy.lookup)

  it('gives the address that was asked for, in each shape of dns.lookup', async (context) => {
    names(context, { public: ['93.184.215.14', '2606:2800::1'] })
    const all = [
      { address: '93.184.215.14', family: 4 },
      { address: '2606:2800::1', family: 6 },
    ]
    const answers = []
    const take = (...answer) => answers.push(answer)
    policy.lookup('public', take)
    policy.lookup('public', 4, take)
    policy.lookup('public', {}, take)
    policy.lookup('public', { all: false }, take)
    policy.lookup('public', { all: true }, take)
    await new Promise(setImmediate)
    assert.deepEqual(answers, [
      [null, '93.184.215.14', 4],
      [null, '93.184.215.14', 4],
      [null, '93.184.215.14', 4],
      [null, '93.184.215.14', 4],
      [null, all],
    ])
    assert.throws(() => policy.lookup('public'), TypeError)
  })

  it('asks for the family and the hints that it is given', async (context) => {
    const asked = names(context, { public: ['93.184.215.14'] })
    await lookup('public', 6)
    await lookup('public', { family: 4, hints: dns.ADDRCONFIG })
    assert.deepEqual(
      asked.mock.calls.map(({ arguments: [, options] }) => options),
      [
        { family: 6, all: true },
        { family: 4, hints: dns.ADDRCONFIG, all: true },
      ],
    )
  })

  it('leaves out the addresses that are refused, and refuses a name that has no other', async (context) => {
    const zone = ['fe80::1%eth0']
    names(context, { mixed: ['10.0.0.1', '93.184.215.14', '::1'], inside: ['10.0.0.1', '::1'], zone })
    assert.deepEqual(await lookup('mixed', { all: true }), [{ address: '93.184.215.14', family: 4 }])
    assert.equal(await lookup('mixed', {}), '93.184.215.14')
    await assert.rejects(lookup('inside', { all: true }), isRefusal('10.0.0.1', 'private'))
    await assert.rejects(lookup('zone', {}), isRefusal('fe80::1%eth0', 'link_local'))
    await assert.rejects(lookup('inside', {}), { host: 'inside', message: /where inside leads/ })
  })

  it('fails as dns.lookup does, and with what is no address', async (context) => {
    await assert.rejects(lookup('name.invalid', {}), { code: /ENOTFOUND|EAI_AGAIN/ })
    names(context, { odd: ['no address'] })
    await assert.rejects(lookup('odd', {}), { code: 'invalid_option' })
  })

  it('stands in for dns.lookup in node:net and node:http', async (context) => {
    const { port, seen } = await served(context)
    const [error] = await once(connect({ host: 'localhost', port, lookup: policy.lookup }), 'error').catch(
      (error) => [error],
    )
    assert.ok(isRefusal()(error), error)
    await assert.rejects(get(`http://localhost:${port}/`, { lookup: policy.lookup }), isRefusal())
    assert.equal(seen.connections, 0)
    assert.equal(await get(`http://localhost:${port}/`, { lookup: onLoopback.lookup }), 200)
  })
})

describe('the agents of an address policy', () => {
  it('connect to nothing that is refused, by name or by address', async (context) => {
    const { port, seen } = await served(context)
    names(context, { localhost: ['127.0.0.1'], inside: ['10.0.0.1'] })
    const agents = [
      ['http', http, policy.httpAgent()],
      ['https', https, policy.httpsAgent({ keepAlive: true })],
    ]
    for (const [scheme, transport, agent] of agents) {
      for (const host of ['127.0.0.1', '2130706433', '[::ffff:127.0.0.1]', '[::1]', 'localhost', 'inside'])
        await assert.rejects(get(`${scheme}://${host}:${port}/`, { agent }, transport), isRefusal(), host)
      await assert.rejects(get({ host: '127.0.0.1', port, agent }, undefined, transport), isRefusal())
    }
    assert.equal(seen.connections, 0)
  })

  it('connect to what is permitted, as other agents do', async (context) => {
    const { port, seen } = await served(context)
    const agent = onLoopback.httpAgent({ keepAlive: true })
    context.after(() => agent.destroy())
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])
      assert.equal(await get(`http://${host}:${port}/`, { agent }), 200)
    assert.equal(await get(`http://127.0.0.1:${port}/`, { agent }), 200)
    assert.equal(seen.connections, 3)
    // A server without TLS at its other end is an error of TLS: it was connected to.
    const secure = { agent: onLoopback.httpsAgent() }
    await assert.rejects(get(`https://localhost:${port}/`, secure, https), { code: 'EPROTO' })
  })

  it('connect to the address that they have checked, wherever the name leads a moment later', async (context) => {
    const { port, seen } = await served(context)
    const asked = context.mock.method(dns, 'lookup', (_name, _options, callback) => {
      const address = asked.mock.callCount() === 0 ? '127.0.0.1' : '169.254.169.254'
      process.nextTick(callback, null, [{ address, family: 4 }])
    })
    const agent = onLoopback.httpAgent()
    assert.equal(await get(`http://rebinding:${port}/`, { agent }), 200)
    assert.equal(asked.mock.callCount(), 1)
    await assert.rejects(get(`http://rebinding:${port}/`, { agent }), isRefusal('169.254.169.254'))
    assert.equal(seen.connections, 1)
  })

  it('cannot be talked into another lookup by a request', async (context) => {
    const { port, seen } = await served(context)
    const lookup = (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }])
    await assert.rejects(get(`http://localhost:${port}/`, { agent: policy.httpAgent(), lookup }), isRefusal())
    assert.equal(seen.connections, 0)
  })
})
