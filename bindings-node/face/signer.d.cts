import type { Body } from './body.cjs'
import type { Provider } from './provider.cjs'

/** The keys and options of a {@link Signer}. */
export interface SignerOptions {
  /**
   * The secret in the provider's form; for a bearer provider, the PEM text of the RSA private key. With several, while
   * one replaces another, a message gets a signature of each.
   */
  secret?: string | Uint8Array | readonly (string | Uint8Array)[] | null | undefined
  /** The issuer of bearer tokens. */
  issuer?: string | null | undefined
  /** The audience of bearer tokens. */
  audience?: string | null | undefined
  /** The id under which the public key stands in the issuer's key set. */
  keyId?: string | null | undefined
  /** The algorithm of bearer tokens. Default: the provider's first. */
  algorithm?: string | null | undefined
  /** How long a bearer token is valid, in seconds. Default: 3600. */
  lifetimeSeconds?: number | null | undefined
  /** Claims of bearer tokens. `iat` and `exp` are added when a message is signed, unless they are given here. */
  claims?: { readonly [name: string]: unknown } | null | undefined
}

/** The parts of a message beside its body. */
export interface MessageParts {
  /** The id of the message, the same over all attempts; where the provider sends it in a header. */
  id?: string | null | undefined
  /** The event's type; where the provider sends it in a header. */
  type?: string | null | undefined
  /** The moment of this attempt in unix seconds; where the provider signs it. Default: the clock's. */
  now?: number | null | undefined
  /** The method; where the provider signs it. */
  method?: string | null | undefined
  /** The receiver's URL; where the provider signs it. */
  url?: string | null | undefined
  /** Attributes by their name in events; those that the provider sends in headers. */
  attributes?: { readonly [name: string]: string } | null | undefined
}

/** A signed message: what to put into the request. */
export interface Signed {
  /** The header lines, each name once, as the provider spells them. */
  readonly headers: { readonly [name: string]: string }
  /** The bytes to send, unchanged. */
  readonly body: Uint8Array
}

/**
 * Signs messages as one provider does. A signer cannot be changed: make one and share it.
 *
 * ```js
 * const signer = new Signer('eventsair', { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })
 * const { headers, body } = signer.sign('{"test": 2432232314}', { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek' })
 * ```
 */
export class Signer {
  /**
   * Checks everything and makes a signer for a provider, built in (by name) or your own.
   *
   * @throws ConfigurationError `invalid_secret`: there is none, or one is not of the provider's form. `invalid_key`: the
   * private key is none. `invalid_option`: an option is missing, unknown or malformed.
   */
  constructor(provider: string | Provider, options?: SignerOptions)
  /** The provider as which this signs. */
  get provider(): Provider
  /**
   * Signs one attempt to deliver a message.
   *
   * The headers are those that the provider's receivers read, with the provider's spelling. The body comes back as bytes:
   * send exactly these.
   *
   * @throws ConfigurationError `invalid_option`: the scheme needs a part that the message does not have, or a part
   * cannot stand in a header.
   */
  sign(body: Body, message?: MessageParts): Signed
}
