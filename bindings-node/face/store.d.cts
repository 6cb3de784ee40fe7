/** What a store answers when a delivery asks to be handled. */
export interface Claim {
  /**
   * `new`: nobody has it, so run the handler. `running`: another delivery of the same event is being handled. `done`: it
   * was handled.
   */
  readonly state: 'new' | 'running' | 'done'
  /** Who holds a new claim, in the store's own form; a later claim of the same key has another owner. */
  readonly owner?: unknown
}

/**
 * Who has seen this delivery. A store of your own answers at once or with a promise, and throws or rejects when it cannot
 * be asked: the sender is then told to come back.
 */
export interface Store {
  /** Asks for a delivery. Of any number of concurrent claims of one key exactly one is `new`, until its lease ends. */
  claim(key: string, leaseSeconds: number): Claim | Promise<Claim>
  /** Marks a delivery as done; false, and no effect, for a former owner. */
  complete(key: string, owner: unknown, retentionSeconds: number): boolean | Promise<boolean>
  /** Gives a delivery back, because its handler failed; false, and no effect, for a former owner. */
  release(key: string, owner: unknown): boolean | Promise<boolean>
}

/** The options of a {@link MemoryStore}. */
export interface MemoryStoreOptions {
  /**
   * How many deliveries the store remembers. Default: 100,000, which take about 30 MB. When it is full, what has ended
   * goes first, then what has been done for longest. A claim that is running is never forgotten.
   */
  capacity?: number | null | undefined
}

/**
 * Remembers in memory which deliveries were handled, so that a handler runs once for each.
 *
 * For one process: what several processes share belongs in a database.
 */
export class MemoryStore implements Store {
  constructor(options?: MemoryStoreOptions)
  /** How many deliveries the store holds, running ones and ended ones that it has not cleared included. */
  get size(): number
  /**
   * Asks for the delivery with this idempotency key, for the time of the lease.
   *
   * The lease should be longer than the handler ever takes: after it, the next delivery is new and the former owner's
   * completion does nothing.
   */
  claim(key: string, leaseSeconds: number): Claim
  /** Marks a claimed delivery as done, for the time of the retention. Call it after the handler returned. */
  complete(key: string, owner: unknown, retentionSeconds: number): boolean
  /** Gives a claimed delivery back, because its handler failed; the next delivery is then new. */
  release(key: string, owner: unknown): boolean
}

/** The options of a {@link SqliteStore}. */
export interface SqliteStoreOptions {
  /** How long a call waits for other processes, in seconds, at most 60. Default: 5. */
  timeoutSeconds?: number | null | undefined
}

/**
 * Remembers in an SQLite file which deliveries were handled, for all processes of one machine.
 *
 * The file is created where there is none; what is done survives a crash of the process and of the machine. It belongs on
 * a local disk: the locks of network file systems do not keep their word; and to the store alone: opened by `node:sqlite`
 * in the same process, it would be without its locks. The calls run in threads of Node's pool, so that
 * the disk never blocks the event loop; only the constructor looks at the file at once. A call rejects with an `Error`
 * whose `code` is `store_unavailable` when the file cannot be asked. Keys are kept as SHA-256 digests only, and what has
 * ended is cleared away a little with each claim.
 */
export class SqliteStore implements Store {
  /**
   * Opens a file, by its path or `file:` URL, or creates it.
   *
   * @throws {ConfigurationError} `invalid_option`: the file cannot be opened, belongs to something else or to a newer
   * version, or would be none (`:memory:`).
   */
  constructor(path: string | URL, options?: SqliteStoreOptions)
  /** Asks for the delivery with this idempotency key, for the time of the lease. */
  claim(key: string, leaseSeconds: number): Promise<Claim>
  /** Marks a claimed delivery as done, for the time of the retention. Call it after the handler returned. */
  complete(key: string, owner: unknown, retentionSeconds: number): Promise<boolean>
  /** Gives a claimed delivery back, because its handler failed; the next delivery is then new. */
  release(key: string, owner: unknown): Promise<boolean>
  /** Closes the file until the next call. */
  close(): Promise<void>
}
