import type { Body } from './body.cjs'
import type { Handshake } from './handshake.cjs'
import type { HeadersInput } from './headers.cjs'
import type { Covered } from './proof.cjs'

/** What came of a request, for the provider's reply and for metrics: few and fixed names, fit for a metric's labels. */
export type Outcome =
  | 'accepted'
  | 'duplicate'
  | 'running'
  | 'ping'
  | 'not_authentic'
  | 'stale'
  | 'keys_unavailable'
  | 'malformed'
  | 'too_large'
  | 'handler_failed'
  | 'store_unavailable'
  | 'misconfigured'
  | 'method_not_allowed'

/** How to answer a request. It fits as the second argument of `new Response(reply.body, reply)`. */
export interface Reply {
  /** The HTTP status, 200 to 599. */
  readonly status: number
  /** The headers to send. */
  readonly headers: { readonly [name: string]: string }
  /** The body to send, mostly empty: a cause would tell an attacker what to improve. */
  readonly body: string
  /** What came of the request. */
  readonly outcome: Outcome
}

/** What is known of a request that may be a handshake, beside its body and headers. */
export interface HandshakeParts {
  /** The method. Default: `POST`. */
  method?: string | null | undefined
  /** The URL, for handshakes in its query. */
  url?: string | null | undefined
}

/** A provider, described for people and tools. The members are those of the JSON that all languages give. */
export interface ProviderDescription {
  readonly name: string
  readonly title: string
  readonly docs: readonly string[]
  readonly evidence: Evidence | null
  readonly assumed: readonly string[]
  /** The headers that are read, as the provider spells them. */
  readonly headers: readonly string[]
  /** The parts of an event that the proof covers. */
  readonly covers: readonly Covered[]
  /** What the idempotency key is made of. */
  readonly idempotency: 'id' | 'digest' | 'none'
  /** The names of the handshakes. */
  readonly handshakes: readonly string[]
  /** The delays before the retries in seconds; null where no retry plan is known. */
  readonly retry_delays_seconds: readonly number[] | null
  /** The status that each outcome is answered with. */
  readonly replies: { readonly [outcome in Outcome]: number }
  readonly scheme: 'signature' | 'bearer'
  readonly algorithms: readonly string[]
  readonly encodings: readonly string[]
  /** The templates of what is signed; empty for bearer tokens, which sign nothing of the request. */
  readonly signed_content: readonly string[]
  /** How far a time may be off in seconds; null where the provider sends none. */
  readonly tolerance_seconds: number | null
}

/** What the facts about a provider are founded on. */
export type Evidence = 'source' | 'documentation' | 'second-hand'

/**
 * What is known about one sender of webhooks: how it signs, where things stand in its requests, how it retries and how it
 * wants to be answered.
 *
 * A provider is data. Those that are built in are found by name; any other is given in the same JSON form, which
 * `core/providers/provider.schema.json` describes.
 */
export class Provider {
  private constructor()
  /**
   * Returns the built-in provider of a name, such as `fourvenues` or `standard-webhooks`.
   *
   * @throws ConfigurationError `unknown_provider`: none has that name.
   */
  static named(name: string): Provider
  /**
   * Reads a provider file.
   *
   * @throws ConfigurationError `invalid_provider`: it breaks the form; the message names the place and what was
   * expected there.
   */
  static fromJson(text: string): Provider
  /**
   * Reads a provider that is given as an object of the JSON form.
   *
   * @throws ConfigurationError `invalid_provider`: it breaks the form.
   */
  static fromObject(object: object): Provider
  /** Lists the names of the built-in providers in alphabetical order. */
  static names(): string[]
  /**
   * Names the built-in providers that a request with these headers could be from, the likeliest first.
   *
   * It is a guess from header names, for logs and set-up help. It proves nothing: whoever sends a request chooses its
   * headers, so never choose the provider to verify with by them.
   */
  static detect(headers: HeadersInput): string[]
  /** The name: lower-case letters, digits and hyphens. */
  get name(): string
  /** The name as people write it. */
  get title(): string
  /** The pages that the facts come from. */
  get docs(): readonly string[]
  /** What the facts are founded on; null for a provider of your own that does not say it. */
  get evidence(): Evidence | null
  /** What the provider does not document and this library assumes. */
  get assumed(): readonly string[]
  /**
   * Describes the provider for people and tools: its headers, what is signed and how, what that covers, retry plan,
   * replies and handshakes.
   */
  describe(): ProviderDescription
  /**
   * Lists the names of the samples of this provider's events, at least one: event types, and `ping` for a test ping.
   * `signedRequest` of `hookproof/testing` and the command line send them.
   */
  samples(): string[]
  /**
   * Answers a handshake that is not signed and needs no secret, so that an endpoint can be registered before there is a
   * secret: Asana and Notion hand theirs over this way. Null for anything else.
   *
   * @throws VerificationError `duplicate_header`, `malformed_header`: a value that tells the handshake is ambiguous.
   */
  handshake(body: Body, headers: HeadersInput, request?: HandshakeParts): Handshake | null
  /** Returns how the provider wants to be answered. */
  reply(outcome: Outcome): Reply
  /** Returns the provider in its JSON form, parsed. */
  toObject(): { [member: string]: unknown }
  /** Returns the text of the provider in its JSON form. */
  toJson(): string
}
