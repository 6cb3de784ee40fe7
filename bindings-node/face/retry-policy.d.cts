import type { Provider } from './provider.cjs'

/** Where the jitter comes from. */
export interface Seeded {
  /**
   * The same seed gives the same delays in every language: a whole number from 0, as a bigint up to 2^64 - 1.
   *
   * Default: a random one. A constant makes every delivery jump by the same jitter, so that all of them come back at once
   * after an outage.
   */
  seed?: number | bigint | null | undefined
}

/** What came of one attempt to deliver. */
export interface Attempt extends Seeded {
  /** How many attempts were made so far: 1 after the first delivery. */
  attempt: number
  /** The status of the answer; absent or 0 when there was no answer: a time-out, a refused or broken connection. */
  status?: number | null | undefined
  /** The value of the answer's `Retry-After` header. */
  retryAfter?: string | null | undefined
  /** The time of the answer in unix seconds; only a `Retry-After` that is a date needs it. Default: the clock's. */
  now?: number | null | undefined
}

/** What to do after an attempt. */
export interface Decision {
  /** Done; try again after the delay; do not try again; or do not try again and send nothing more to this endpoint. */
  readonly action: 'delivered' | 'retry' | 'give_up' | 'disable'
  /** How long to wait before the next attempt, in milliseconds; given exactly when the action is `retry`. */
  readonly delayMs: number | null
  /** Whether the answer asks to be sent less of everything: slow down all deliveries to this endpoint. */
  readonly throttle: boolean
}

/**
 * Says when a sender tries again, as the provider's file states it.
 *
 * A policy is pure: it knows no clock and, with a seed, no randomness. Delays depend on nothing but the plan, the number
 * of the retry and the seed, so the languages agree on them exactly, and a job that moves to another machine keeps its
 * schedule. Retries are counted from 1; the first delivery is no retry. Delays are whole microseconds, told in
 * milliseconds.
 */
export class RetryPolicy {
  private constructor()
  /**
   * Returns the policy of a provider.
   *
   * @throws ConfigurationError `unknown_provider`: none of that name is built in. `invalid_option`: the provider has no
   * retry plan.
   */
  static of(provider: string | Provider): RetryPolicy
  /**
   * Returns a policy of your own, in the form of the `retry` object of a provider's file.
   *
   * `delays` is `{ list_seconds: […] }`, `{ exponential: { first_seconds, factor, retries } }` or
   * `{ polynomial: { exponent, scale_seconds, retries } }`; `success` and `retry_on` list statuses and classes (`'2xx'`).
   * Optional: `jitter` (`'full'`, `'equal'`, `'decorrelated'`, `{ additive_seconds: n }`, `{ additive_percent: n }`),
   * `cap_seconds`, `max_attempts`, `deadline_seconds`, `disable_on`, `throttle_on`, `honours_retry_after`,
   * `retry_after_cap_seconds`.
   *
   * @throws ConfigurationError `invalid_option`.
   */
  static fromObject(plan: Readonly<Record<string, unknown>>): RetryPolicy
  /** How many retries follow the first delivery. */
  get retries(): number
  /**
   * The longest time from the first attempt to the last retry, with the most jitter. What a receiver remembers must
   * outlive this, or a late retry is taken for a new event.
   */
  get longestSpanMs(): number
  /** Returns the delay before a retry, jitter included; null for 0 and when there is no such retry. */
  delayMs(retry: number, options?: Seeded): number | null
  /** Returns the delay before a retry without jitter; null for 0 and when there is no such retry. */
  baseDelayMs(retry: number): number | null
  /** Returns the delays before all retries, jitter included. */
  scheduleMs(options?: Seeded): number[]
  /**
   * Decides what to do after an attempt.
   *
   * A success is `delivered`; a status that tells the sender to go away is `disable`; a failure that the plan retries is
   * `retry` while there are retries left; anything else is `give_up`. After attempt n comes retry n. Where the sender
   * honours `Retry-After`, the delay is the longer of the plan's and the header's; a malformed header is ignored.
   */
  next(attempt: Attempt): Decision
}
