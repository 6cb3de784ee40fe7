import type { Claim, Store } from '../store.cjs'

/** What a {@link RedisStore} calls of a client, a pool or a cluster of node-redis (package `redis`). */
export interface NodeRedisClient {
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/** What a {@link RedisStore} calls of a client or a cluster of ioredis. */
export interface IoRedisClient {
  evalsha(sha1: string, numberOfKeys: number, ...keysAndValues: string[]): Promise<unknown>
  eval(script: string, numberOfKeys: number, ...keysAndValues: string[]): Promise<unknown>
}

/** The options of a {@link RedisStore}. */
export interface RedisStoreOptions {
  /** What the keys begin with. Default: `hookproof:`. */
  prefix?: string | null | undefined
  /**
   * How long the store waits for an answer, in seconds; then it rejects, and the sender is told to come back.
   * Default: 5. A client that is not connected may keep commands for longer; a claim that comes too late is given back.
   */
  timeoutSeconds?: number | null | undefined
}

/**
 * Remembers in Redis 5 and later, or Valkey, which deliveries were handled: for several processes and machines.
 *
 * Every operation is one script on one key, so it is atomic and runs on a cluster too. Expiry is the server's, by its
 * clock.
 *
 * @throws {ConfigurationError} `invalid_option`
 * @throws {TypeError} for a client that is neither node-redis nor ioredis
 *
 * @example
 * import { createClient } from 'redis'
 * import { RedisStore } from 'hookproof/stores/redis'
 *
 * const client = createClient({ url: 'redis://127.0.0.1:6379' })
 * client.on('error', console.error)
 * await client.connect()
 * const store = new RedisStore(client)
 */
export class RedisStore implements Store {
  constructor(client: NodeRedisClient | IoRedisClient, options?: RedisStoreOptions)
  /** Asks for the delivery with this idempotency key, for the time of the lease. Rejects with what the client says. */
  claim(key: string, leaseSeconds: number): Promise<Claim>
  /** Marks a claimed delivery as done, for the time of the retention. Call it after the handler returned. */
  complete(key: string, owner: unknown, retentionSeconds: number): Promise<boolean>
  /** Gives a claimed delivery back, because its handler failed; the next delivery is then new. */
  release(key: string, owner: unknown): Promise<boolean>
}
