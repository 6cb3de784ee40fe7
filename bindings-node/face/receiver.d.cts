import type { Body, ParsedBody } from './body.cjs'
import type { HookproofError } from './errors.cjs'
import type { Event } from './event.cjs'
import type { Handshake } from './handshake.cjs'
import type { HeadersInput } from './headers.cjs'
import type { Reply } from './provider.cjs'
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
}

/**
 * Verifier, store and the provider's replies: the one flow that every framework adapter calls.
 *
 * Size, handshake, verification, ping, claim, handler, completion or release, reply: in this order, so that a forged request neither
 * fills the store nor marks an id as seen, and a delivery is done only after its handler returned.
 */
export class Receiver {
  constructor(verifier: Verifier<boolean>, options?: ReceiverOptions)
  /** What verifies the requests. */
  get verifier(): Verifier<boolean>
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
