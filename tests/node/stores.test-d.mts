// What TypeScript accepts and refuses of the stores on a server, with the types of the real clients.
import { type Claim, Receiver, type Store, Verifier } from 'hookproof'
import { PostgresStore } from 'hookproof/stores/postgres'
import { RedisStore } from 'hookproof/stores/redis'
import { Cluster, Redis } from 'ioredis'
import pg from 'pg'
import { createClient, createClientPool, createCluster } from 'redis'

const options = { prefix: 'app:', timeoutSeconds: 2 }
const stores: Store[] = [
  new RedisStore(createClient()),
  new RedisStore(createClientPool(), options),
  new RedisStore(createCluster({ rootNodes: [] })),
  new RedisStore(new Redis()),
  new RedisStore(new Cluster([]), {}),
  new PostgresStore(new pg.Pool()),
  new PostgresStore(new pg.Client(), { table: 'billing.deliveries', timeoutSeconds: null }),
]
for (const store of stores) new Receiver(new Verifier('fourvenues', { secret: 'a' }), { store })

const postgres = new PostgresStore(new pg.Pool())
const claim: Promise<Claim> = postgres.claim('key', 60)
const cleared: Promise<number> = postgres.clear(10)
const made: Promise<void> = postgres.createTable()
const ended: Promise<boolean> = postgres.complete('key', (await claim).owner, 60)
void [cleared, made, ended]

// @ts-expect-error: a client of Redis is no pool of PostgreSQL
new PostgresStore(createClient())
// @ts-expect-error: a pool of PostgreSQL is no client of Redis
new RedisStore(new pg.Pool())
// @ts-expect-error: the unit is in the name
new RedisStore(createClient(), { timeout: 2 })
// @ts-expect-error: a table has a name
new PostgresStore(new pg.Pool(), { table: 1 })
