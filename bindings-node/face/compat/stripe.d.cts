import type { VerificationError } from '../errors.cjs'

type Payload = string | Uint8Array
type Header = string | Uint8Array | null | undefined

/** The request is not authentic; `code` says why. */
export class StripeSignatureVerificationError extends VerificationError {
  readonly type: 'StripeSignatureVerificationError'
  /** The header that was given. */
  readonly header: Header
  /** The body that was given. */
  readonly payload: Payload
}

/** What `generateTestHeaderString` signs. */
export interface TestHeaderOptions {
  payload: string
  secret: string
  /** Unix seconds. Default: the clock's. */
  timestamp?: number | undefined
  /** Default: `v1`. */
  scheme?: string | undefined
  /** To stand in the place of the computed one. */
  signature?: string | undefined
}

/**
 * Stands in for `stripe.webhooks` of the package `stripe`: `import { webhooks } from 'hookproof/compat/stripe'`.
 *
 * The published tests of the package are met, but for what is stricter here on purpose:
 *
 * - A timestamp that lies in the future by more than the tolerance is refused; the package takes one of ten years ahead.
 * - `signature.verifyHeader` without a tolerance takes the default, where the package does not look at the time; 0 does
 *   not look, and for `constructEvent` 0 is the default, as there.
 * - A secret that is empty or has white space around it is a ConfigurationError `invalid_secret`, and a body that was
 *   parsed before one of `body_already_parsed`: both are the receiver's own mistakes, and no forgery.
 * - A timestamp is digits and nothing else, and what follows them is no longer overlooked.
 * - A parameter `cryptoProvider` is taken and not used: nothing else decides about a signature.
 *
 * Messages differ, and a `code` says what is wrong. `Event` may be Stripe's own type:
 * `webhooks.constructEvent<Stripe.Event>(…)`.
 */
export const webhooks: {
  readonly DEFAULT_TOLERANCE: number
  /**
   * @throws StripeSignatureVerificationError; SyntaxError for an authentic body that is no JSON, Error for one that is a
   * thin event notification (`v2.core.event`).
   */
  constructEvent<Event = Record<string, unknown>>(
    payload: Payload,
    header: Header,
    secret: string,
    tolerance?: number,
    cryptoProvider?: unknown,
    receivedAt?: number,
  ): Event
  constructEventAsync<Event = Record<string, unknown>>(
    payload: Payload,
    header: Header,
    secret: string,
    tolerance?: number,
    cryptoProvider?: unknown,
    receivedAt?: number,
  ): Promise<Event>
  generateTestHeaderString(options: TestHeaderOptions): string
  generateTestHeaderStringAsync(options: TestHeaderOptions): Promise<string>
  readonly signature: {
    readonly EXPECTED_SCHEME: 'v1'
    /** Tolerance 0 does not check the time. */
    verifyHeader(
      payload: Payload,
      header: Header,
      secret: string,
      tolerance?: number,
      cryptoProvider?: unknown,
      receivedAt?: number,
    ): boolean
    verifyHeaderAsync(
      payload: Payload,
      header: Header,
      secret: string,
      tolerance?: number,
      cryptoProvider?: unknown,
      receivedAt?: number,
    ): Promise<boolean>
  }
}
