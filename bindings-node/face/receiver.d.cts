import type { Body, ParsedBody } from './body.cjs'
import type { HookproofError } from './errors.cjs'
import type { Event } from './event.cjs'
import type { Handshake } from './handshake.cjs'
import type { HeadersInput } from './headers.cjs'
import type { Outcome, Provider, Reply } from './provider.cjs'
import type { Store } from './store.cjs'
import type { RequestParts, Verifier } from './verifier.cjs'

/** The options of a {@link Receiver}. */
export interface ReceiverOptions {
  /** Who has seen which delivery. Default: a `MemoryStore` of this receiver, for one process. */
  store?: Store | null | undefined
  /** The largest body that is read and verified, in bytes. Default: 1 MiB. */
  maxBody?: number | null | undefined
  /** How long a handler may take before another delivery of its event is handled, in seconds. Default: 60. */
  leaseSeconds?: number | null | undefined
  /**
   * How long a delivery that is done is remembered, in seconds. Default: twice the time in which the provider tries
   * again, and at least three days.
   */
  retentionSeconds?: number | null | undefined
  /** Is told of a request that is not authentic or not what the provider sends. Default: `console.warn`. */
  onReject?: ((error: HookproofError) => unknown) | null | undefined
  /** Is told of a delivery that was handled or is being handled. Default: nothing. */
  onDuplicate?: ((event: Event) => unknown) | null | undefined
  /**
   * Is told when the handler, the store, the keys or the setting fail; the event is null where there is none yet.
   * Default: `console.error`, once for a wrong setting.
   */
  onError?: ((error: unknown, event: Event | null) => unknown) | null | undefined
  /**
   * Is told of a handshake before it is answered, so that what is to be kept can be stored; a promise is waited for.
   * Default: nothing. When it throws or rejects, `onError` is told and the answer is that of a handler that failed.
   *
   * A handshake that hands over a secret is not signed: anybody can send one. Store what it has only while you are
   * registering the endpoint, and never in the place of a secret that is in use.
   */
  onHandshake?: ((handshake: Handshake) => unknown) | null | undefined
  /**
   * Is told once how each request ended, for metrics: the outcome, which is one of few names, the event if the request
   * was authentic, and how long it took until the reply was known, in milliseconds. Default: nothing.
   */
  onOutcome?: ((outcome: Outcome, event: Event | null, milliseconds: number) => unknown) | null | undefined
}

/** The options of a {@link Receiver} that chooses its verifiers. */
export interface ChoiceOptions extends ReceiverOptions {
  /** Whose replies a request gets for which no verifier was chosen. Default: the usual ones, with 401. */
  replies?: string | Provider | null | undefined
}

/** What a verifier can be chosen by. All of it is the sender's word: it says whom to ask for proof, and proves nothing. */
export interface ChoiceRequest {
  /** The headers; a name is found in any case. */
  readonly headers: Headers
  /** The method; null where the caller of `receive` did not tell it. */
  readonly method: string | null
  /** The URL. From adapters only path and query are the request's; scheme and host are `http://localhost`. */
  readonly url: string | null
  /** The path of the URL, without the query. */
  readonly path: string | null
}

/** Chooses the verifier of a request; null where nobody is known. Keep the verifiers: building one takes time. */
export type VerifierChoice = (
  request: ChoiceRequest,
) => Verifier<boolean> | null | undefined | Promise<Verifier<boolean> | null | undefined>

/**
 * Verifier, store and the provider's replies: the one flow that every framework adapter calls.
 *
 * Size, choice of a verifier, content coding, handshake, verification, ping, claim, handler, completion or release,
 * reply: in this order, so that a forged request neither fills the store nor marks an id as seen, and a delivery is done
 * only after its handler returned.
 *
 * A body with the header `Content-Encoding` is decoded first (gzip, deflate or br, within `maxBody`), because senders
 * sign what they hand to their HTTP client. Another coding is answered with 415.
 */
export class Receiver {
  constructor(verifier: Verifier<boolean>, options?: ReceiverOptions | null)
  /**
   * Chooses a verifier for each request. Where there is none, the request is refused as a forged one is; where the
   * function throws or rejects, `onError` is told and the sender is asked to come back.
   */
  constructor(choice: VerifierChoice, options?: ChoiceOptions | null)
  /** What verifies the requests, or chooses what does. */
  get verifier(): Verifier<boolean> | VerifierChoice
  /**
   * Answers one request; it never rejects for what a request or a handler does.
   *
   * The handler is called for a new, authentic event that is no ping. When it throws or rejects, the delivery is given
   * back, so that a retry is handled again, and `onError` is told.
   */
  receive(
    body: Body | ParsedBody,
    headers: HeadersInput,
    handler: (event: Event) => unknown,
    request?: RequestParts,
  ): Promise<Reply>
}
