/** A part of a request that a signature can cover. */
export type Covered = 'body' | 'id' | 'method' | 'timestamp' | 'type' | 'url'

/**
 * What was proven about a request and what was not.
 *
 * A signature proves the bytes it covers and nothing else. A bearer token proves who calls and nothing of what is said.
 * Four platforms differ exactly here, so an {@link Event} carries its proof.
 */
export class Proof {
  private constructor()
  /** Which parts of the event the signature covers, in alphabetical order. */
  readonly covers: readonly Covered[]
  /** The place, from 0, of the key that matched among the secrets or in the key set. */
  readonly keyIndex: number
  /** The label of the key that matched: as configured, or the key id of a bearer token. */
  readonly keyLabel: string | null
  /** The algorithm, such as `hmac-sha256`, `ed25519` or `RS256`. */
  readonly algorithm: string
  /** Which form of the body was signed: as it came, without the newlines at its end, or parsed and written again. */
  readonly content: 'raw' | 'trimmed' | 'reserialized'
  /** The verified claims of a bearer token, parsed once; null where there is no token. */
  get claims(): { [name: string]: unknown } | null
}
