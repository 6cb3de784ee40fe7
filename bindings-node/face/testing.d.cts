import type { ParsedBody } from './body.cjs'
import type { Provider } from './provider.cjs'
import type { MessageParts, SignerOptions } from './signer.cjs'

/** What a {@link SignedRequest} is made of, and the keys that it is signed with. */
export interface SignedRequestOptions extends SignerOptions {
  /**
   * The sample to send, one of `Provider.named(…).samples()`; beside a body of your own, any type. Default: the first
   * sample.
   */
  event?: string | null | undefined
  /** A body of your own in the place of the sample's; an object is written as JSON. */
  body?: string | Uint8Array | ArrayBuffer | ParsedBody | null | undefined
  /** The id of the delivery. Default: a new UUID. */
  id?: string | null | undefined
  /** When it is sent, in unix seconds. Default: the clock's, which {@link freezeClock} stops. */
  now?: number | null | undefined
  /** The receiver's URL: for providers that sign it, the one that the verifier is told. Default: `http://localhost/hooks`. */
  url?: string | null | undefined
  /** The method. Default: `POST`. */
  method?: string | null | undefined
  /** Attributes that the provider sends in headers, beside or in the place of the sample's. */
  attributes?: MessageParts['attributes']
  /** Headers to send beside or in the place of the signed ones. */
  headers?: { readonly [name: string]: string } | null | undefined
}

/**
 * Makes a request as a provider sends it, signed: a realistic sample of its events, or a body of your own.
 *
 * Of Fourvenues, EventsAir, Fast Events and Pitchpoint the samples are what the provider documents; every other provider
 * has one, whose content is made up.
 *
 * ```js
 * const request = signedRequest('fourvenues', { secret: 's3cr3t', event: 'payment.success' })
 * await request.applyTo(supertest(app).post('/hooks')).expect(200)
 * await request.tampered().applyTo(supertest(app).post('/hooks')).expect(403)
 * ```
 *
 * @throws ConfigurationError `unknown_provider`, `invalid_secret`, `invalid_key`; `invalid_option`: there is no such
 * sample, or the scheme needs a part that is not there.
 */
export function signedRequest(provider: string | Provider, options?: SignedRequestOptions): SignedRequest

/**
 * A request as a provider sends it. It cannot be changed: its variants are requests of their own, and can be combined.
 */
export class SignedRequest {
  private constructor()
  /** Who sends it. */
  readonly provider: Provider
  /** The id of the delivery. */
  readonly id: string
  /** The event's type; null for a sample that says none, such as a ping. */
  readonly type: string | null
  readonly method: string
  readonly url: string
  /** The header lines, each name once, as the provider spells them. */
  readonly headers: { readonly [name: string]: string }
  /** The bytes to send, unchanged. */
  readonly body: Buffer
  /**
   * Returns it changed after it was signed: the body, which stays JSON, or the proof of a provider that does not sign the
   * body.
   */
  tampered(): SignedRequest
  /**
   * Returns it as signed long ago. Default: 8100 seconds, or twice the provider's tolerance where that is longer.
   *
   * @throws ConfigurationError `invalid_option`: the provider signs no time, so that no receiver can tell.
   */
  stale(seconds?: number): SignedRequest
  /** Returns it as signed with another secret; for a bearer provider, another private key. */
  signedWith(secret: NonNullable<SignerOptions['secret']>): SignedRequest
  /** Returns the same delivery sent again: id and body are the same, and what belongs to the attempt is new. */
  duplicate(): SignedRequest
  /**
   * Returns it without a header, of whatever case.
   *
   * @throws ConfigurationError `invalid_option`: it has no such header.
   */
  without(name: string): SignedRequest
  /** Makes a `Request` of the Fetch standard: for route handlers, Hono's `app.request`, and `fetch` itself. */
  toRequest(url?: string | URL): Request
  /** Makes the argument of Fastify's `inject`. Default for the URL: path and query of the request's. */
  toInject(url?: string): InjectOptions
  /** Makes an event of AWS Lambda, as a function URL or an HTTP API (format 2.0) gives it. */
  toLambda(target?: string): LambdaEvent
  /** Puts headers and body into a test of supertest, or a request of superagent, and returns that. */
  applyTo<Test extends SupertestTest>(test: Test): Test
}

/** What Fastify's `inject` takes. */
export interface InjectOptions {
  method: 'DELETE' | 'GET' | 'HEAD' | 'OPTIONS' | 'PATCH' | 'POST' | 'PUT'
  url: string
  headers: Record<string, string>
  payload: Buffer
}

/** What {@link SignedRequest.applyTo} needs of a test of supertest. */
export interface SupertestTest {
  // biome-ignore lint/suspicious/noExplicitAny: the methods of superagent are bivariant and overloaded
  set(name: any, value: any): any
  // biome-ignore lint/suspicious/noExplicitAny: the methods of superagent are bivariant and overloaded
  serialize(serializer: any): any
  // biome-ignore lint/suspicious/noExplicitAny: the methods of superagent are bivariant and overloaded
  send(body: any): any
}

/** The parts of a Lambda event that a receiver reads; cast it where a handler wants the whole type. */
export interface LambdaEvent {
  version: '2.0'
  routeKey: string
  rawPath: string
  rawQueryString: string
  headers: Record<string, string>
  requestContext: { http: { method: string; path: string } }
  body: string
  isBase64Encoded: true
}

/** The options of {@link generateKeys}. */
export interface IssuerKeyOptions {
  /** Default: `https://issuer.test`. */
  issuer?: string | null | undefined
  /** Default: `hookproof-test`. */
  audience?: string | null | undefined
  /** The id of the key in the key set. Default: `test`. */
  keyId?: string | null | undefined
  /** Claims of the tokens. Default: `sub` is `hookproof-test`. */
  claims?: { readonly [name: string]: unknown } | null | undefined
}

/** The keys of an issuer that exists in a test only. */
export interface IssuerKeys {
  readonly issuer: string
  readonly audience: string
  /** The id of the key in the key set. */
  readonly keyId: string
  /** The claims of its tokens. */
  readonly claims: { readonly [name: string]: unknown }
  /** The RSA private key as PEM text. */
  readonly privateKey: string
  /** The key set with its public half. */
  readonly jwks: object
  /** Options for `signedRequest` and `Signer`. */
  readonly signer: {
    readonly secret: string
    readonly issuer: string
    readonly audience: string
    readonly keyId: string
    readonly claims: { readonly [name: string]: unknown }
  }
  /** Options for `Verifier` and `webhook`. */
  readonly verifier: { readonly issuer: string; readonly audience: string; readonly jwks: object }
}

/**
 * Makes new keys for a provider whose requests carry a token that an issuer signs with RS256, such as Pitchpoint: no
 * issuer has to be asked.
 *
 * It takes some tenths of a second: make them once for a file of tests.
 *
 * ```js
 * const keys = generateKeys()
 * const verifier = new Verifier('pitchpoint', keys.verifier)
 * const request = signedRequest('pitchpoint', { ...keys.signer, event: 'orders/placed' })
 * ```
 *
 * @throws ConfigurationError `invalid_option`.
 */
export function generateKeys(options?: IssuerKeyOptions): IssuerKeys

/**
 * Stops the clock of this thread: every verifier, receiver and adapter judges at that moment, and signers, deliveries,
 * retry policies, `MemoryStore` and `SqliteStore` take it for the present.
 *
 * What is told a `now` goes by that. Not stopped are the servers of the stores on Redis and SQL, the time after which
 * keys are fetched again, timers, and `Date`. Without it, hookproof reads `Date.now()`, so that a `Date` which
 * `mock.timers` or sinon replace is heard as well; a clock that is frozen here comes first.
 *
 * ```js
 * const clock = freezeClock(1_790_000_000)
 * t.after(() => clock.restore())          // or: using clock = freezeClock(1_790_000_000)
 * ```
 *
 * @param moment Unix seconds or a Date. Default: now.
 * @throws ConfigurationError `invalid_option`.
 */
export function freezeClock(moment?: number | Date | null): FrozenClock

/** The clock, while it is stopped. */
export class FrozenClock {
  private constructor()
  /** Where it stands, in unix seconds. */
  readonly now: number
  /** Moves it on by so many seconds; back, where they are negative. */
  tick(seconds: number): void
  /** Puts it elsewhere: unix seconds or a Date. */
  set(moment: number | Date): void
  /** Lets it run again, or puts it back to where it stood when it was frozen before; the second time nothing happens. */
  restore(): void
  /** As `restore`, for `using`. */
  [Symbol.dispose](): void
}
