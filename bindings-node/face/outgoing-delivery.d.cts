import type { Decision, RetryPolicy, Seeded } from './retry-policy.cjs'

/** The options of a {@link Delivery}. */
export interface DeliveryOptions extends Seeded {
  /** The time of the start in unix seconds. Default: the clock's. */
  now?: number | null | undefined
}

/** What came of an attempt. */
export interface AttemptOutcome {
  /** The status of the answer; absent or 0 when there was no answer: a time-out, a refused or broken connection. */
  status?: number | null | undefined
  /** The value of the answer's `Retry-After` header. */
  retryAfter?: string | null | undefined
  /** The time of the answer in unix seconds. Default: the clock's. */
  now?: number | null | undefined
}

/** The text form of a {@link Delivery}; its members are the library's own. */
export type DeliveryJSON = { readonly version: string } & Readonly<Record<string, unknown>>

/**
 * Says what a sender does next for one message to one endpoint, and when; it is told what came of each attempt.
 *
 * A state machine without a clock, a queue or a network: `JSON.stringify(delivery)` fits in a column of a job table or in
 * the data of a job, and `Delivery.fromJSON` goes on, in any of the three languages.
 *
 * ```js
 * const policy = RetryPolicy.of('fast-events')
 * const delivery = new Delivery()
 * const { action, delayMs } = delivery.record(policy, { status: 503 })   // 'retry', 60000
 * ```
 */
export class Delivery {
  /** @throws ConfigurationError `invalid_option`. */
  constructor(options?: DeliveryOptions)
  /**
   * Reads what `toJSON` or `JSON.stringify` has written.
   *
   * @throws ConfigurationError `invalid_option`: it is something else.
   */
  static fromJSON(state: string | DeliveryJSON): Delivery
  /** The state, for `JSON.stringify`. */
  toJSON(): DeliveryJSON
  /**
   * Takes what came of an attempt and decides what is next, as `RetryPolicy.next` does.
   *
   * @throws ConfigurationError `invalid_option`: the delivery has ended.
   */
  record(policy: RetryPolicy, outcome?: AttemptOutcome): Decision
  /** What has become of it; `disabled`: send nothing more to this endpoint. */
  get state(): 'pending' | 'delivered' | 'gave_up' | 'disabled'
  /** How many attempts were made. */
  get attempts(): number
  /** When it was started. */
  get startedAt(): Date
  /** When the next attempt is due; null when there is none. */
  get dueAt(): Date | null
  /** The status of the last answer; null when there was none. */
  get lastStatus(): number | null
}
