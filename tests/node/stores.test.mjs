// What every store promises: the same scenarios for all of them, with real servers and real processes.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { Receiver, Verifier } from 'hookproof'

import { SECRET, sign } from './support/senders.mjs'
import { missing, PostgresServer, RedisServer } from './support/services.mjs'
import { SqliteFile } from './support/sqlite-file.mjs'
import { KINDS, startWorker } from './support/stores.mjs'

const LEASE = 60
const DAY = 86_400
const SHORT = 0.25
const SERVERS = {
  sqlite: { Server: SqliteFile, skip: missing('python3') },
  redis: { Server: RedisServer, skip: missing('redis-server') },
  postgres: { Server: PostgresServer, skip: missing('postgres', 'initdb') },
}

const verifier = new Verifier('fourvenues', { secret: SECRET })
const fresh = () => `fourvenues:default:id:${randomUUID()}`

for (const [name, { Server, skip }] of Object.entries(SERVERS)) {
  const kinds = Object.entries(KINDS).filter(([, kind]) => kind.server === name)
  describe(`on ${name}`, { skip: skip ?? false }, () => {
    const place = {}
    before(async () => {
      place.server = new Server()
      await place.server.start()
    })
    after(() => place.server.end())
    for (const [kind] of kinds) describe(`a store of ${kind}`, () => scenarios(kind, place))
  })
}
describe('a store in memory', () => scenarios('memory', {}))

/** Declares the scenarios for one kind of store. */
function scenarios(name, place) {
  const kind = KINDS[name]
  let store
  let close
  before(async () => {
    ;({ store, close } = await kind.open(place.server?.url))
  })
  after(() => close())

  async function claimed(key, lease = LEASE) {
    const { state, owner } = await store.claim(key, lease)
    assert.equal(state, 'new')
    return owner
  }

  /** Claims until the delivery is free; returns how long it had the state since a moment, a clock's step added. */
  async function freeAfter(key, state, start) {
    let held
    for (;;) {
      const found = (await store.claim(key, LEASE)).state
      const seconds = (performance.now() - start) / 1000
      if (found !== state) held ??= seconds + 0.002
      if (found === 'new') return held
      // A store that asks in two statements says `running` of what ends between them: the sender comes back.
      assert.ok(found === state || found === 'running', found)
      assert.ok(seconds < 10)
      await sleep(20)
    }
  }

  function received() {
    const { body, headers } = sign(`{"id":"${fresh()}","event":"payment.success","payload":{}}`)
    const failed = []
    const receiver = new Receiver(verifier, { store, onError: (error) => failed.push(error) })
    return { failed, receive: async (handler) => (await receiver.receive(body, headers, handler)).status }
  }

  it('a claim has three states', async () => {
    const key = fresh()
    const owner = await claimed(key)
    assert.deepEqual(await store.claim(key, LEASE), { state: 'running', owner: null })
    assert.equal(await store.complete(key, owner, DAY), true)
    assert.deepEqual(await store.claim(key, LEASE), { state: 'done', owner: null })
  })

  it('a released delivery goes to the next', async () => {
    const key = fresh()
    const owner = await claimed(key)
    assert.equal(await store.release(key, owner), true)
    assert.equal(await store.release(key, owner), false)
    await claimed(key)
  })

  it('an expired lease frees the delivery', async () => {
    const [key, start] = [fresh(), performance.now()]
    await claimed(key, SHORT)
    assert.ok((await freeAfter(key, 'running', start)) >= SHORT)
  })

  it('a late completion does nothing', async () => {
    const key = fresh()
    const former = await claimed(key, SHORT)
    await sleep(SHORT * 1000 + 50)
    assert.equal(await store.complete(key, former, DAY), false)
    const present = await claimed(key)
    assert.equal(await store.complete(key, former, DAY), false)
    assert.equal(await store.release(key, former), false)
    assert.equal((await store.claim(key, LEASE)).state, 'running')
    assert.equal(await store.complete(key, present, DAY), true)
  })

  it('what is done cannot be given back', async () => {
    const key = fresh()
    const owner = await claimed(key)
    assert.equal(await store.complete(key, owner, DAY), true)
    assert.equal(await store.release(key, owner), false)
    assert.equal(await store.complete(key, owner, DAY), false)
    assert.equal((await store.claim(key, LEASE)).state, 'done')
  })

  it('an owner of one delivery owns no other', async () => {
    const [key, other] = [fresh(), fresh()]
    const owner = await claimed(key)
    await claimed(other)
    assert.equal(await store.complete(other, owner, DAY), false)
    assert.equal(await store.release(other, owner), false)
    assert.equal(await store.release(fresh(), owner), false)
    assert.equal((await store.claim(other, LEASE)).state, 'running')
  })

  it('the retention ends', async () => {
    const key = fresh()
    const owner = await claimed(key)
    const start = performance.now()
    assert.equal(await store.complete(key, owner, SHORT), true)
    assert.ok((await freeAfter(key, 'done', start)) >= SHORT)
  })

  it('keys that look alike are different', async () => {
    const long = 'x'.repeat(10_000)
    const names = ['', 'a', 'A', 'a ', ' a', 'a\0', 'a\0b', '\0a', 'ab:c', 'a:bc', 'a:b:c', 'a/b', '%s', '$1']
    names.push('*', '{a}', '{a}b', "a'; --", 'a"', 'a\\', 'a\n', '\u00e9', 'e\u0301', '\u00df', 'ss', 'SS')
    names.push('\u{1f600}', '\u{1f601}', '\u0131', 'i', 'I', long, `${long}y`, `${long}Y`)
    const start = fresh()
    const owners = new Set()
    for (const name of names) owners.add(await claimed(`${start}${name}`))
    assert.equal(owners.size, names.length)
  })

  it('of concurrent tasks one gets the delivery', async () => {
    const keys = Array.from({ length: 10 }, fresh)
    const claims = await Promise.all(
      keys.flatMap((key) => Array.from({ length: 4 }, () => store.claim(key, LEASE))),
    )
    assert.equal(claims.filter(({ state }) => state === 'new').length, keys.length)
    for (const key of keys) assert.equal((await store.claim(key, LEASE)).state, 'running')
  })

  it('a failing handler is run again and a duplicate is not', async () => {
    const { receive } = received()
    let runs = 0
    const handler = () => {
      runs += 1
      if (runs === 1) throw new Error('the handler’s own')
    }
    assert.deepEqual(
      [await receive(handler), await receive(handler), await receive(handler)],
      [500, 200, 200],
    )
    assert.equal(runs, 2)
  })

  if (!kind.isShared) return

  it('of concurrent processes one gets the delivery', async () => {
    const keys = Array.from({ length: 30 }, fresh)
    const workers = await Promise.all([1, 2, 3].map(() => startWorker(name, place.server.url)))
    try {
      const order = { keys, seconds: LEASE, at: Date.now() + 100 }
      const won = await Promise.all(workers.map((worker) => worker.ask(order)))
      assert.deepEqual(won.flat().sort(), keys.toSorted())
    } finally {
      await Promise.all(workers.map((worker) => worker.kill()))
    }
  })

  it('a crash leaves the delivery to another when the lease ends', async () => {
    const [key, lease] = [fresh(), 0.5]
    const worker = await startWorker(name, place.server.url)
    const start = performance.now()
    assert.deepEqual(await worker.ask({ keys: [key], seconds: lease, at: 0 }), [key])
    await worker.kill()
    assert.ok((await freeAfter(key, 'running', start)) >= lease)
  })

  it('a store that is down means 503 and no handler', async () => {
    const { receive, failed } = received()
    let runs = 0
    const handler = () => {
      runs += 1
    }
    await place.server.kill()
    try {
      const start = performance.now()
      assert.equal(await receive(handler), 503)
      assert.ok(performance.now() - start < 4000)
      assert.deepEqual([runs, failed.length], [0, 1])
    } finally {
      await place.server.start()
    }
    // The sender comes back, and the same store works again without being made anew.
    await until(async () => (await receive(handler)) === 200)
    assert.equal(runs, 1)
  })

  it('a store that does not answer is not waited for', async () => {
    const { receive } = received()
    let runs = 0
    await place.server.frozen(async () => {
      const start = performance.now()
      assert.equal(await receive(() => runs++), 503)
      assert.ok(performance.now() - start < 4000)
    })
    assert.equal(runs, 0)
  })

  it('a store that goes down while the handler runs changes no reply', async () => {
    const { receive, failed } = received()
    await until(async () => (await store.claim(fresh(), LEASE)).state === 'new')
    try {
      assert.equal(await receive(() => place.server.kill()), 200)
      // That nobody knows it any more is told to the operator.
      assert.equal(failed.length, 1)
    } finally {
      await place.server.start()
    }
  })
}

async function until(holds) {
  const giveUp = Date.now() + 20_000
  for (;;) {
    try {
      if (await holds()) return
    } catch (error) {
      if (Date.now() > giveUp) throw error
    }
    assert.ok(Date.now() < giveUp)
    await sleep(50)
  }
}
