import type { ChoiceRequest, ReceiverOptions } from './receiver.cjs'
import type { Verifier, VerifierOptions } from './verifier.cjs'

type Known = Secret | Verifier<boolean>
type Found<Value> = Value | null | undefined

/** The options of a webhook where a verifier is given. */
export type DeliveryOptions = ReceiverOptions

/** The options of a webhook: those of the verifier and those of the receiver. */
export interface WebhookOptions
  extends ReceiverOptions,
    Omit<VerifierOptions, 'maxBody' | 'secret' | 'endpoint'> {
  /**
   * The secret, or several while one replaces another; or a function that finds it for a request, at once or with a
   * promise, and null where nobody is known. Verifiers are kept for the 1,024 secrets that were used last; the function
   * may also find a `Verifier`, which it has to keep itself.
   *
   * When the function throws or rejects, `onError` is told and the sender is asked to come back.
   */
  secret?: VerifierOptions['secret'] | ((request: ChoiceRequest) => Found<Known> | Promise<Found<Known>>)
  /**
   * Names this endpoint in idempotency keys, so that two endpoints of one provider never take each other's deliveries
   * for duplicates: 1 to 64 letters, digits, `.`, `_` or `-`. Default: `default`.
   *
   * Beside a secret that is a function it may be one too, and should: name the customer. Default there: a name derived
   * from the first secret, which changes when that does.
   */
  endpoint?:
    | VerifierOptions['endpoint']
    | ((request: ChoiceRequest) => Found<string> | Promise<Found<string>>)
  /**
   * Also accepts a signature over ECMAScript's `JSON.stringify(JSON.parse(body))`, and a body that is parsed already.
   * Default: false.
   */
  acceptReserialized?: boolean | null | undefined
}

/** What a function may find as the secret of a request. */
export type Secret = string | Uint8Array | readonly (string | Uint8Array)[]
