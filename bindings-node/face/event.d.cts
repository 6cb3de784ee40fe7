import type { Handshake } from './handshake.cjs'
import type { Proof } from './proof.cjs'

/**
 * An authentic request: what it says, and what was proven of it.
 *
 * Everything that the provider sends is kept: unknown types and members are no error, and `data` is parsed only when it
 * is asked for. An event cannot be changed, and inspecting it shows neither body nor payload.
 */
export class Event {
  private constructor()
  /** The name of the provider. */
  get provider(): string
  /** The id of the event or delivery, opaque; null where the provider sends none. */
  get id(): string | null
  /** The event's type as the provider writes it. The set is open: expect types you do not know. */
  get type(): string | null
  /** The payload, parsed once, when it is first asked for; null for a ping or a body that is not JSON. */
  get data(): unknown
  /** The bytes that were verified: a Buffer or Uint8Array itself when nothing changed. Do not change them. */
  get body(): Uint8Array
  /** When this attempt was sent, where the provider signs that. */
  get sentAt(): Date | null
  /** When the event happened, where the provider tells. */
  get occurredAt(): Date | null
  /** What else the provider tells of the event: tenant, topic parts, entity ids. */
  get attributes(): { readonly [name: string]: string }
  /**
   * The key under which this delivery is recognised when it comes again: `provider:endpoint:basis:sha256`.
   *
   * The basis is `id`, or `digest` (of type and body) where the provider has no id that stays the same over retries.
   * Endpoint and value are hashed, so that no store confuses two keys by folding case or joining.
   */
  get idempotencyKey(): string
  /** Whether this is a test of the connection, which must be answered but not handled. */
  get isPing(): boolean
  /** The handshake that this is, with the reply to send; null for anything else. Every handshake is a ping. */
  get handshake(): Handshake | null
  /** What was proven and what was not. */
  get proof(): Proof
}
