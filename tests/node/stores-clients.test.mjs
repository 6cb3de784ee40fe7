// What is peculiar to the stores on a server: their options, their clients and what they leave behind.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { PostgresStore } from 'hookproof/stores/postgres'
import { RedisStore } from 'hookproof/stores/redis'
import pg from 'pg'
import { createClient, createClientPool } from 'redis'

import { missing, PostgresServer, RedisServer } from './support/services.mjs'
import { runGuide } from './support/store-guide.mjs'

const LEASE = 60
const require = createRequire(import.meta.url)
const fresh = () => `fourvenues:default:id:${randomUUID()}`

describe('a store of a server', () => {
  it('is the same for import and require', () => {
    assert.equal(require('hookproof/stores/redis').RedisStore, RedisStore)
    assert.equal(require('hookproof/stores/postgres').PostgresStore, PostgresStore)
  })

  it('refuses what makes no sense', async () => {
    const client = { evalSha() {}, eval() {} }
    const pool = { query() {} }
    for (const nothing of [undefined, null, {}, 'redis://127.0.0.1', pool])
      assert.throws(() => new RedisStore(nothing), TypeError)
    for (const nothing of [undefined, null, {}, client])
      assert.throws(() => new PostgresStore(nothing), TypeError)
    assert.throws(() => new RedisStore(client, { prefixes: 'a' }), { code: 'invalid_option' })
    assert.throws(() => new RedisStore(client, { prefix: 1 }), TypeError)
    for (const timeoutSeconds of [0, -1, Number.NaN, 1e9])
      assert.throws(() => new RedisStore(client, { timeoutSeconds }), { code: 'invalid_option' })
    for (const table of ['', 'a b', 'a"', 'a; DROP TABLE b', 'a.b.c', 'x'.repeat(64)])
      assert.throws(() => new PostgresStore(pool, { table }), { code: 'invalid_option' })
    const store = new RedisStore(client)
    await assert.rejects(store.claim(1, LEASE), TypeError)
    await assert.rejects(store.claim('\ud800', LEASE), { code: 'invalid_option' })
    await assert.rejects(store.claim('a'), TypeError)
    await assert.rejects(store.complete('a', 1, LEASE), TypeError)
    await assert.rejects(store.release('a'), TypeError)
  })
})

describe('a store of Redis', { skip: missing('redis-server') ?? false }, () => {
  let server
  let client
  before(async () => {
    server = new RedisServer()
    await server.start()
    client = createClient({ url: server.url })
    client.on('error', () => {})
    await client.connect()
  })
  after(async () => {
    client.destroy()
    await server.end()
  })

  it('is set up as the guide says', () => runGuide('hookproof/stores/redis', { REDIS_URL: server.url }))

  it('works again when the server has forgotten the scripts', async () => {
    const [store, key] = [new RedisStore(client), fresh()]
    const { owner } = await store.claim(key, LEASE)
    await client.scriptFlush()
    assert.equal((await store.claim(key, LEASE)).state, 'running')
    await client.scriptFlush()
    assert.equal(await store.complete(key, owner, LEASE), true)
  })

  it('stores nothing without an end', async () => {
    const [store, running, done] = [new RedisStore(client, { prefix: 'ends:' }), fresh(), fresh()]
    await store.claim(running, LEASE)
    await store.complete(done, (await store.claim(done, LEASE)).owner, 3 * LEASE)
    const limits = await Promise.all((await client.keys('ends:*')).map((key) => client.pTTL(key)))
    limits.sort((one, other) => one - other)
    assert.equal(limits.length, 2)
    assert.ok(limits[0] > 0 && limits[0] <= LEASE * 1000)
    assert.ok(limits[1] > LEASE * 1000 && limits[1] <= 3 * LEASE * 1000)
  })

  it('separates applications by their prefixes', async () => {
    const key = fresh()
    for (const prefix of ['one:', 'two:', '']) {
      assert.equal((await new RedisStore(client, { prefix }).claim(key, LEASE)).state, 'new')
    }
    assert.equal((await new RedisStore(client, { prefix: 'one:' }).claim(key, LEASE)).state, 'running')
  })

  it('takes a pool of clients', async () => {
    const pool = await createClientPool({ url: server.url }).connect()
    try {
      const [store, key] = [new RedisStore(pool), fresh()]
      const claims = await Promise.all([1, 2, 3].map(() => store.claim(key, LEASE)))
      assert.equal(claims.filter(({ state }) => state === 'new').length, 1)
    } finally {
      pool.destroy()
    }
  })

  it('takes no other value for a claim', async () => {
    const [store, key] = [new RedisStore(client, { prefix: 'other:' }), fresh()]
    await store.claim(key, LEASE)
    const [name] = await client.keys('other:*')
    await client.set(name, 'something')
    await assert.rejects(store.claim(key, LEASE), /no claim/)
    assert.equal(await store.release(key, 'something'), false)
  })

  it('gives back a claim that came too late', async () => {
    const [store, key] = [new RedisStore(client, { timeoutSeconds: 0.1 }), fresh()]
    await server.frozen(() => assert.rejects(store.claim(key, LEASE), /did not answer within 0\.1 seconds/))
    const patient = new RedisStore(client)
    let state
    for (let count = 0; count < 100 && state !== 'new'; count++) {
      await sleep(20)
      state = (await patient.claim(key, LEASE)).state
    }
    assert.equal(state, 'new')
  })
})

describe('a store of PostgreSQL', { skip: missing('postgres', 'initdb') ?? false }, () => {
  let server
  let pool
  before(async () => {
    server = new PostgresServer()
    await server.start()
    pool = new pg.Pool({ connectionString: server.url })
    pool.on('error', () => {})
  })
  after(async () => {
    await pool.end()
    await server.end()
  })

  async function storeOf(table = `deliveries_${randomUUID().slice(0, 8)}`) {
    const store = new PostgresStore(pool, { table })
    await store.createTable()
    return store
  }

  it('is set up as the guide says', () => runGuide('hookproof/stores/postgres', { DATABASE_URL: server.url }))

  it('makes its table once, for all who start at once', async () => {
    const store = new PostgresStore(pool)
    await Promise.all(Array.from({ length: 6 }, () => store.createTable()))
    const key = fresh()
    await store.claim(key, LEASE)
    await store.createTable()
    assert.equal((await store.claim(key, LEASE)).state, 'running')
  })

  it('clears what has ended, so many at a time', async () => {
    const store = await storeOf()
    const [live, kept, ...ended] = Array.from({ length: 7 }, fresh)
    await store.claim(live, LEASE)
    await store.complete(kept, (await store.claim(kept, LEASE)).owner, LEASE)
    const owners = []
    for (const key of ended) owners.push((await store.claim(key, LEASE)).owner)
    // Claims clear as well, now and then; completions do not.
    for (const [index, key] of ended.entries()) await store.complete(key, owners[index], 0.001)
    await sleep(10)
    assert.deepEqual([await store.clear(3), await store.clear(), await store.clear()], [3, 2, 0])
    assert.equal((await store.claim(live, LEASE)).state, 'running')
    assert.equal((await store.claim(kept, LEASE)).state, 'done')
  })

  it('clears by itself', async () => {
    const store = await storeOf()
    for (let count = 0; count < 5; count++) await store.claim(fresh(), 0.001)
    // One of 64 claims clears, by chance: that none of a thousand does will not be seen.
    for (let count = 0; count < 1000; count++) {
      await store.claim(fresh(), 0.001)
      if ((await store.clear(1)) === 0) return
    }
    assert.fail('nothing was cleared')
  })

  it('takes a schema before the table', async () => {
    await pool.query('CREATE SCHEMA billing')
    const store = await storeOf('billing.Deliveries')
    assert.equal((await store.claim(fresh(), LEASE)).state, 'new')
    const { rows } = await pool.query('SELECT count(*)::int AS count FROM billing."Deliveries"')
    assert.deepEqual(rows, [{ count: 1 }])
  })

  it('rejects with what the server says', async () => {
    const store = new PostgresStore(pool, { table: 'no_such_table' })
    await assert.rejects(store.claim(fresh(), LEASE), { code: '42P01' })
  })
})
