// Every kind of store, opened by its name: by the tests, and by the processes that race with them.
import { fork } from 'node:child_process'
import { once } from 'node:events'

import { MemoryStore, SqliteStore } from 'hookproof'
import { PostgresStore } from 'hookproof/stores/postgres'
import { RedisStore } from 'hookproof/stores/redis'
import { Redis } from 'ioredis'
import pg from 'pg'
import { createClient } from 'redis'

/** What a store waits for at most: senders wait for some seconds as well, and tests run often. */
export const LIMIT_SECONDS = 1
/** A file has one writer at a time, and who waits is not served in turn. */
const FILE_LIMIT_SECONDS = 2

/** `open` returns a store and how to close it; `isShared` says whether other processes see what it holds. */
export const KINDS = {
  memory: {
    isShared: false,
    open: async () => ({ store: new MemoryStore(), close: () => {} }),
  },
  sqlite: {
    server: 'sqlite',
    isShared: true,
    async open(file) {
      const store = new SqliteStore(file, { timeoutSeconds: FILE_LIMIT_SECONDS })
      return { store, close: () => store.close() }
    },
  },
  'node-redis': {
    server: 'redis',
    isShared: true,
    async open(url) {
      const client = createClient({ url })
      client.on('error', () => {})
      await client.connect()
      return {
        store: new RedisStore(client, { timeoutSeconds: LIMIT_SECONDS }),
        close: () => client.destroy(),
      }
    },
  },
  ioredis: {
    server: 'redis',
    isShared: true,
    async open(url) {
      const client = new Redis(url)
      client.on('error', () => {})
      return {
        store: new RedisStore(client, { timeoutSeconds: LIMIT_SECONDS }),
        close: () => client.disconnect(),
      }
    },
  },
  pg: {
    server: 'postgres',
    isShared: true,
    async open(url) {
      const pool = new pg.Pool({ connectionString: url, max: 4 })
      pool.on('error', () => {})
      const store = new PostgresStore(pool, { timeoutSeconds: LIMIT_SECONDS })
      await store.createTable()
      return { store, close: () => pool.end() }
    },
  },
}

/** Starts a process with a store of its own. `ask` tells it what to do, `kill` ends it as a crash does. */
export async function startWorker(name, url) {
  const worker = fork(new URL('store-worker.mjs', import.meta.url), [name, url])
  await answerOf(worker)
  return {
    ask(order) {
      worker.send(order)
      return answerOf(worker)
    },
    async kill() {
      if (worker.signalCode !== null) return
      worker.kill('SIGKILL')
      await once(worker, 'exit')
    },
  }
}

/** Waits for what a process says. One that has died would be waited for without end. */
async function answerOf(worker) {
  const waiting = new AbortController()
  const { signal } = waiting
  const ended = once(worker, 'exit', { signal }).then(([code]) => {
    throw new Error(`the worker ended with ${code} and no answer`)
  })
  try {
    const [answer] = await Promise.race([once(worker, 'message', { signal }), ended])
    return answer
  } finally {
    waiting.abort()
  }
}
