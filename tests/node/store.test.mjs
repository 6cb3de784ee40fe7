import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { MemoryStore } from 'hookproof'

describe('a store in memory', () => {
  it('gives a delivery to one, and remembers it when it is done', () => {
    const store = new MemoryStore()
    const { state, owner } = store.claim('a', 60)
    assert.equal(state, 'new')
    assert.deepEqual(store.claim('a', 60), { state: 'running', owner: null })
    assert.equal(store.complete('a', owner, 60), true)
    assert.deepEqual(store.claim('a', 60), { state: 'done', owner: null })
    assert.equal(store.claim('b', 60).state, 'new')
    assert.equal(store.size, 2)
  })

  it('gives a delivery that was released to the next', () => {
    const store = new MemoryStore()
    const { owner } = store.claim('a', 60)
    assert.equal(store.release('a', owner), true)
    assert.equal(store.release('a', owner), false)
    assert.equal(store.claim('a', 60).state, 'new')
  })

  it('takes a delivery from an owner whose lease has ended', (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
    const store = new MemoryStore()
    const former = store.claim('a', 60)
    context.mock.timers.tick(60_000)
    const present = store.claim('a', 60)
    assert.equal(present.state, 'new')
    assert.equal(store.complete('a', former.owner, 60), false)
    assert.equal(store.complete('a', present.owner, 60), true)
  })

  it('with no room says so, and forgets nothing that is running', () => {
    const store = new MemoryStore({ capacity: 1 })
    const { owner } = store.claim('a', 60)
    assert.throws(() => store.claim('b', 60), /no room/)
    store.complete('a', owner, 60)
    assert.equal(store.claim('b', 60).state, 'new')
  })

  it('refuses what makes no sense', () => {
    const store = new MemoryStore()
    assert.throws(() => new MemoryStore({ capacity: 0 }), { code: 'invalid_option' })
    assert.throws(() => new MemoryStore({ size: 1 }), { code: 'invalid_option' })
    assert.throws(() => store.claim(1, 60), TypeError)
    assert.throws(() => store.claim('a'), TypeError)
    assert.throws(() => store.claim('a', -1), { code: 'invalid_option' })
    assert.throws(() => store.complete('a', 'owner', 60), TypeError)
    assert.throws(() => store.release('a', null), TypeError)
  })
})
