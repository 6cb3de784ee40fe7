import type { Claim, Store } from '../store.cjs'

/** What a {@link PostgresStore} calls of a `Pool` or a `Client` of pg. */
export interface PostgresPool {
  query(
    text: string,
    values: unknown[],
  ): Promise<{ readonly rows: readonly unknown[]; readonly rowCount: number | null }>
}

/** The options of a {@link PostgresStore}. */
export interface PostgresStoreOptions {
  /**
   * Where the deliveries stand, with a schema before it or not. Default: `hookproof_deliveries`. ASCII letters, digits
   * and underscores, up to 55 each.
   */
  table?: string | null | undefined
  /**
   * How long the store waits for an answer, in seconds; then it rejects, and the sender is told to come back.
   * Default: 5. A claim that comes too late is given back.
   */
  timeoutSeconds?: number | null | undefined
}

/**
 * Remembers in PostgreSQL 9.5 and later which deliveries were handled: for several processes and machines.
 *
 * Every operation is one statement, committed by itself. The clock is the server's.
 *
 * @throws {ConfigurationError} `invalid_option`
 * @throws {TypeError} for something that has no `query`
 *
 * @example
 * import pg from 'pg'
 * import { PostgresStore } from 'hookproof/stores/postgres'
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 2000 })
 * const store = new PostgresStore(pool)
 * await store.createTable()
 */
export class PostgresStore implements Store {
  constructor(pool: PostgresPool, options?: PostgresStoreOptions)
  /** Asks for the delivery with this idempotency key, for the time of the lease. Rejects with what the pool says. */
  claim(key: string, leaseSeconds: number): Promise<Claim>
  /** Marks a claimed delivery as done, for the time of the retention. Call it after the handler returned. */
  complete(key: string, owner: unknown, retentionSeconds: number): Promise<boolean>
  /** Gives a claimed delivery back, because its handler failed; the next delivery is then new. */
  release(key: string, owner: unknown): Promise<boolean>
  /**
   * Deletes deliveries whose time has ended, at most so many (default: 1000), and resolves with how many it were.
   *
   * Claims do this by themselves now and then, a few at a time; a schedule of your own is not needed.
   */
  clear(limit?: number): Promise<number>
  /** Makes the table and its index where they are not there. */
  createTable(): Promise<void>
}
