import type { VerificationError } from '../errors.cjs'
import type { HeadersInput } from '../headers.cjs'

/** The request is not authentic; `code` says why. */
export class WebhookVerificationError extends VerificationError {}

/** The options of a {@link Webhook}. */
export interface WebhookOptions {
  /** `raw`: the secret is the key itself, and not its base64. */
  format?: 'raw' | undefined
}

/** Options of a verification. */
export interface VerifyOptions {
  /** Whether to parse the body. Default: true. */
  jsonParse?: boolean | undefined
}

/**
 * Verifies and signs with one secret.
 *
 * The published tests of the packages that this stands for are met. Stricter on purpose are: keys under 24 or over 64 bytes,
 * which Standard Webhooks forbids; timestamps that are not digits alone (`1614265330abc`); signatures in another form than
 * canonical base64; security headers that stand there twice; ids with a full stop, which would move bytes between the
 * signed parts. Taken too is a Uint8Array that is no Buffer.
 */
export class Webhook {
  /**
   * The secret is text with or without `whsec_`.
   *
   * @throws ConfigurationError `invalid_secret`.
   */
  constructor(secret: string | Uint8Array, options?: WebhookOptions)
  /**
   * Returns the parsed body; undefined for an empty one, or when it is not to be parsed.
   *
   * @throws WebhookVerificationError; SyntaxError for an authentic body that is no JSON.
   */
  verify(payload: string | Uint8Array, headers: HeadersInput, options?: VerifyOptions): unknown
  /** Returns the value of the signature header. */
  sign(msgId: string, timestamp: Date, payload: string | Uint8Array): string
}
