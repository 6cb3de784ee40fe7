import type { LookupAddress, LookupOptions } from 'node:dns'
import type * as http from 'node:http'
import type * as https from 'node:https'
import { type AddressCode, HookproofError } from './errors.cjs'

/** What an {@link AddressPolicy} differs in from the default. */
export interface AddressPolicyOptions {
  /** Addresses or ranges (`10.1.0.0/16`, `fd00::/8`) to connect to although they are not public. Default: none. */
  allow?: string | readonly string[] | null | undefined
  /** Addresses or ranges never to connect to; they beat those that are allowed. Default: none. */
  deny?: string | readonly string[] | null | undefined
}

/** What `dns.lookup` calls: with one address and its family, or with a list where `all` was asked for. */
type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of dns.lookup have no common type
  address: any,
  family?: number,
) => void

/**
 * Says which addresses a sender may connect to.
 *
 * Whoever registers an endpoint chooses its URL, and a URL may lead into your own network: to a database, to an admin
 * page, to the credentials that a cloud serves at 169.254.169.254 (server-side request forgery). The default permits
 * what the registries of IANA call globally reachable, and nothing else; IPv4 in the clothes of IPv6 (mapped, 6to4,
 * NAT64, Teredo) is judged as what it carries.
 *
 * To check a name before connecting is not enough: it may lead elsewhere a moment later (DNS rebinding). The agents
 * check the very address that they connect to, of names and of addresses that stand in the URL, and after a redirect too:
 *
 * ```js
 * const policy = new AddressPolicy()
 * const request = https.request(url, { agent: policy.httpsAgent(), method: 'POST', headers })
 * request.on('error', (error) => error instanceof AddressRefusedError)
 * ```
 */
export class AddressPolicy {
  /** @throws ConfigurationError `invalid_option`: an address or a range is malformed. */
  constructor(options?: AddressPolicyOptions)
  /**
   * Tells whether an address may be connected to.
   *
   * @throws ConfigurationError `invalid_option`: it is no IP address; look a name up first.
   */
  permits(address: string): boolean
  /**
   * Returns why an address is refused: a word such as `loopback`, `private`, `link_local` or `denied`; null where it is
   * permitted.
   *
   * @throws ConfigurationError `invalid_option`: it is no IP address.
   */
  refusal(address: string): string | null
  /**
   * Refuses a URL whose host is an address that may not be connected to, in whatever spelling: `http://2130706433/` is
   * 127.0.0.1. A URL with a name passes, for only its lookup shows where it leads.
   *
   * @throws AddressRefusedError. TypeError: it is no URL.
   */
  check(url: string | URL): void
  /**
   * Looks a name up as `dns.lookup` does, and gives the permitted ones of its addresses; where there are none, an
   * {@link AddressRefusedError}. It is bound: an option `lookup` takes it as it stands, of `net.connect`, `http.request`
   * and undici's `connect`.
   *
   * Node asks it about names only. An address that stands in the URL never comes here: call `check` as well, or use the
   * agents, which do both.
   */
  lookup(hostname: string, options: LookupOptions | number, callback: LookupCallback): void
  lookup(
    hostname: string,
    options: LookupOptions & { all: true },
    callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
  ): void
  lookup(hostname: string, callback: LookupCallback): void
  /** Makes an agent for `http.request` whose connections this policy checks. The options are those of `http.Agent`. */
  httpAgent(options?: http.AgentOptions): http.Agent
  /** Makes an agent for `https.request` whose connections this policy checks. The options are those of `https.Agent`. */
  httpsAgent(options?: https.AgentOptions): https.Agent
}

/**
 * A sender may not connect to where an endpoint leads; nothing was connected to.
 *
 * Treat it as an attempt without an answer: a name may lead elsewhere tomorrow.
 */
export class AddressRefusedError extends HookproofError {
  private constructor()
  readonly code: AddressCode
  /** The name that was looked up, or the address that stood in the URL. */
  readonly host: string
  /** The first of its addresses that was refused. */
  readonly address: string
  /** Why, as {@link AddressPolicy.refusal} says it. */
  readonly refusal: string
}
