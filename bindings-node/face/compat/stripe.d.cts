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
}

/**
 * Stands in for `stripe.webhooks` of the package `stripe`: `import { webhooks } from 'hookproof/compat/stripe'`.
 *
 * A parameter `cryptoProvider` is taken and not used. Unlike the package, a timestamp that lies in the future by more than
 * the tolerance is refused, and so is a secret that is empty or has white space around it. `Event` may be Stripe's own
 * type: `webhooks.constructEvent<Stripe.Event>(…)`.
 */
export const webhooks: {
  readonly DEFAULT_TOLERANCE: number
  /** @throws StripeSignatureVerificationError; SyntaxError for an authentic body that is no JSON. */
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
