import type { Reply } from './provider.cjs'

/**
 * A request that asks for a certain answer: a URL check, a challenge, a connection test.
 *
 * Send the reply and do nothing else: a handshake is never an event. Inspecting it shows neither the reply nor what to
 * keep.
 */
export class Handshake {
  private constructor()
  /** The provider's name for it, such as `url_verification`. */
  get name(): string
  /** What to answer. */
  get reply(): Reply
  /**
   * What to keep, where the provider hands over a secret or token this way (Asana, Notion); null elsewhere. It is as
   * secret as the secret that it becomes: do not log it.
   */
  get keep(): string | null
}
