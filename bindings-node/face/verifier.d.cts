import type { Body, ParsedBody } from './body.cjs'
import type { Event } from './event.cjs'
import type { Handshake } from './handshake.cjs'
import type { HeadersInput } from './headers.cjs'
import type { Provider } from './provider.cjs'

/** The keys and options of a {@link Verifier}. */
export interface VerifierOptions {
  /**
   * The secret: text in the provider's form, or its bytes. Give several while one replaces another.
   *
   * One that is missing, empty, blank or has white space at its ends is refused with `invalid_secret`.
   */
  secret?: string | Uint8Array | readonly (string | Uint8Array)[] | null | undefined
  /** Names for the secrets, in their order, that the proof tells when one matched; null for a secret without a name. */
  keyLabels?: string | readonly (string | null)[] | null | undefined
  /**
   * How far a timestamp may be off, in either direction, or by how much clocks may differ when a token's times are
   * checked, in seconds. Default: the provider's. It has no effect where the provider sends no time.
   */
  toleranceSeconds?: number | null | undefined
  /** The accepted issuers of bearer tokens; compared exactly. */
  issuer?: string | readonly string[] | null | undefined
  /** The accepted audiences of bearer tokens; compared exactly. */
  audience?: string | readonly string[] | null | undefined
  /** The accepted algorithms of bearer tokens, such as `RS256`. Default: the provider's. */
  algorithms?: string | readonly string[] | null | undefined
  /** Claims that tokens must have, beside those that the provider requires. */
  requiredClaims?: string | readonly string[] | null | undefined
  /** Pins claims of bearer tokens to values of any JSON type: `{ sub: 'robot' }`. */
  claims?: { readonly [name: string]: unknown } | null | undefined
  /** The issuer's public keys as a JWKS document (RFC 7517), or its text. Then none are fetched. */
  jwks?: object | string | null | undefined
  /**
   * The https address of the issuer's key set. Default: the one that its discovery document
   * (`{issuer}/.well-known/openid-configuration`) names.
   */
  jwksUri?: string | null | undefined
  /** What {@link Verifier.exportKeys} of another process wrote, to start with warm keys. */
  keys?: string | null | undefined
  /**
   * Whether keys that were not given are fetched. Default: true. Without it they come from {@link Verifier.updateKeys}
   * alone.
   */
  fetchKeys?: boolean | null | undefined
  /** How long a fetch of keys may take in all, in seconds. Default, and most: 5. */
  fetchTimeoutSeconds?: number | null | undefined
  /**
   * Also fetches keys over http from `localhost`, `127.0.0.1` or `[::1]`, for tests and development. Default: false.
   */
  allowInsecureLoopback?: boolean | null | undefined
  /** Names this endpoint in idempotency keys, so that two endpoints of one provider never take each other's
   * deliveries for duplicates: 1 to 64 letters, digits, `.`, `_` or `-`. Default: `default`. */
  endpoint?: string | null | undefined
  /** Refuses a larger body with `body_too_large` before anything is computed, in bytes. Default: no limit, for the
   * server in front has one. */
  maxBody?: number | null | undefined
  /**
   * The URL that the sender calls, as it stands in the sender's settings, for schemes that sign it. The query is that of
   * the request where this URL has none. Default: the URL of the request.
   *
   * Behind a proxy the request's own URL is another one, and headers that tell the original one can be forged.
   */
  url?: string | null | undefined
  /**
   * The token that a sender must know to register this endpoint, where it has such a handshake (Meta). Without it such a
   * handshake is not answered.
   */
  verifyToken?: string | null | undefined
}

/** What else a scheme may need to know of a request. */
export interface RequestParts {
  /** The time to verify at, in unix seconds. Default: the clock's. */
  now?: number | null | undefined
  /** The method, for schemes that sign it and for handshakes; a handshake without one is taken for a POST. */
  method?: string | null | undefined
  /** The public URL that the sender called, for schemes that sign it and for handshakes in its query. */
  url?: string | null | undefined
}

/**
 * Verifies the requests of one provider and turns each into an {@link Event}.
 *
 * Building fails when the keys are unusable; verifying returns an event or throws and never returns a boolean, so that a
 * forgotten check cannot pass for a success. A verifier cannot be changed: make one and share it.
 *
 * ```js
 * const verifier = new Verifier('fourvenues', { secret: process.env.FOURVENUES_SECRET })
 * const event = verifier.verify(body, request.headers)
 * ```
 */
export class Verifier<Reserialized extends boolean = false> {
  /**
   * Checks everything and makes a verifier for a provider, built in (by name) or your own.
   *
   * @throws ConfigurationError `unknown_provider`: none of that name is built in. `invalid_secret`: there is none, or one
   * is not of the provider's form. `invalid_key`: the key set is malformed or has no usable key. `invalid_option`: an
   * option is missing, unknown, does not fit or has no such value.
   */
  constructor(
    provider: string | Provider,
    options?: VerifierOptions & {
      /**
       * Also accepts a signature over ECMAScript's `JSON.stringify(JSON.parse(body))`, and a body that is parsed
       * already. Default: false.
       *
       * For a sender that signs what it parsed (Fourvenues' guide does), behind software that has already parsed the
       * body. The raw bytes are always tried first.
       */
      acceptReserialized?: Reserialized | null | undefined
    },
  )
  /** The provider whose requests this verifies. */
  get provider(): Provider
  /**
   * Verifies a request against the clock, or at the moment that is handed in.
   *
   * The body's size and the headers are checked first, then the proof, and only an authentic body is parsed. It never
   * waits: where keys are fetched, it starts that and does without.
   *
   * @throws VerificationError: the request is not authentic.
   * @throws PayloadError: it is, but its body is not what the provider sends.
   * @throws KeysUnavailableError: there is no key yet, or the newest may be needed and are on their way.
   * @throws ConfigurationError `body_already_parsed`: something parsed the body before. `invalid_option`: the scheme
   * signs the method or the URL and the request has none.
   */
  verify(
    body: Reserialized extends true ? Body | ParsedBody : Body,
    headers: HeadersInput,
    request?: RequestParts,
  ): Event
  /**
   * Verifies as {@link verify} does, and rejects where that throws. Where keys are fetched, it waits for them, at most 5
   * seconds, if the token's is not there; keys that are there make nobody wait.
   *
   * A body of 64 KiB and more is copied and verified in another thread, so that the event loop is free for other work.
   * The event's body is that copy: what is done to the buffer after this call changes nothing. The bytes of a string or
   * of a parsed body are copies in any case.
   */
  verifyAsync(
    body: Reserialized extends true ? Body | ParsedBody : Body,
    headers: HeadersInput,
    request?: RequestParts,
  ): Promise<Event>
  /**
   * Answers a request if it is a handshake: a URL check, a challenge, a connection test; null for anything else.
   *
   * A handshake that the provider signs is verified first; `verify` also recognises those, as pings whose `handshake`
   * holds the answer. Receivers call this before `verify` for requests other than POST and where `answersUnsigned`.
   *
   * @throws As {@link verify}, for providers with signed handshakes.
   */
  handshake(
    body: Reserialized extends true ? Body | ParsedBody : Body,
    headers: HeadersInput,
    request?: RequestParts,
  ): Handshake | null
  /** Whether the provider has handshakes that it does not sign. */
  get answersUnsigned(): boolean
  /**
   * Replaces the key set of a bearer provider by a document that was just fetched from its issuer.
   *
   * @throws ConfigurationError `invalid_key`: the document is no key set; the old keys stay. `invalid_option`: the
   * provider has no key set.
   */
  updateKeys(jwks: object | string): void
  /**
   * Fetches the keys before the first request needs them; does nothing where none have to be fetched.
   *
   * Call it when a process starts, so that its first request does not wait. Keys that are fresh are not fetched again.
   *
   * @throws KeysUnavailableError: there are none and none could be fetched, with the reason. Verifying tries again by
   * itself.
   */
  prewarm(): Promise<void>
  /**
   * Writes the key set that was fetched last, with the time of that, as a JSON text for another process; null where none
   * was fetched.
   *
   * Public keys are no secret, but whoever can change the text can sign requests: keep it where only you may write.
   */
  exportKeys(): string | null
  /**
   * Takes a key set that another process exported, so that this one starts with warm keys.
   *
   * It is as old as it is: newer keys are fetched when its time comes. Returns whether it was taken; not one that is too
   * old to be used, or older than what is there.
   *
   * @throws ConfigurationError `invalid_key`: it is no exported key set, or that of another issuer. `invalid_option`: no
   * keys are fetched.
   */
  importKeys(keys: string): boolean
}
