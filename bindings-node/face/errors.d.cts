/** The code of a {@link ConfigurationError}. */
export type ConfigurationCode =
  | 'invalid_secret'
  | 'invalid_key'
  | 'unknown_provider'
  | 'invalid_provider'
  | 'invalid_option'
  | 'body_already_parsed'

/** The code of a {@link VerificationError}. */
export type VerificationCode =
  | 'missing_header'
  | 'duplicate_header'
  | 'malformed_header'
  | 'no_matching_signature'
  | 'malformed_timestamp'
  | 'timestamp_too_old'
  | 'timestamp_too_new'
  | 'malformed_token'
  | 'unsupported_algorithm'
  | 'unknown_key'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'wrong_claim'

/** The code of a {@link PayloadError}. */
export type PayloadCode = 'malformed_body' | 'body_too_large'

/** The code of a {@link KeysUnavailableError}. */
export type KeysUnavailableCode = 'keys_unavailable'

/** The code of an `AddressRefusedError`. */
export type AddressCode = 'address_refused'

/**
 * What went wrong, as a stable name that logs, metrics and tests may rely on.
 *
 * `internal_error`, on {@link HookproofError} itself, is the last resort for a defect of hookproof.
 */
export type ErrorCode =
  | ConfigurationCode
  | VerificationCode
  | PayloadCode
  | KeysUnavailableCode
  | AddressCode
  | 'internal_error'

/**
 * Says why a call failed: a stable code and one sentence for a person.
 *
 * The sentence names what was found and the header it stood in. It never contains a secret, an expected signature or
 * the body, so it is safe to log. What a request caused has no stack trace: that would cost more than the verification,
 * and forged requests should not be the expensive ones.
 */
export class HookproofError extends Error {
  constructor(code: ErrorCode, message: string, options?: ErrorOptions)
  /** The stable code, the same in every language. */
  readonly code: ErrorCode
}

/** The receiver's own: a secret, an option or a provider file is wrong. */
export class ConfigurationError extends HookproofError {
  constructor(code: ConfigurationCode, message: string, options?: ErrorOptions)
  readonly code: ConfigurationCode
}

/** The request is not authentic. */
export class VerificationError extends HookproofError {
  constructor(code: VerificationCode, message: string, options?: ErrorOptions)
  readonly code: VerificationCode
}

/** The request is authentic, but its body is not what the provider sends. */
export class PayloadError extends HookproofError {
  constructor(code: PayloadCode, message: string, options?: ErrorOptions)
  readonly code: PayloadCode
}

/** Keys that are needed could not be had; the sender should try again later. */
export class KeysUnavailableError extends HookproofError {
  constructor(code: KeysUnavailableCode, message: string, options?: ErrorOptions)
  readonly code: KeysUnavailableCode
}
