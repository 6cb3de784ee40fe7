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
