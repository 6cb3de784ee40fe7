import type { IncomingMessage, ServerResponse } from 'node:http'

import type { DeliveryOptions, WebhookOptions } from './adapter.cjs'
import type { Event } from './event.cjs'
import type { Provider } from './provider.cjs'
import type { ChoiceOptions, VerifierChoice } from './receiver.cjs'
import type { Verifier } from './verifier.cjs'

export type { DeliveryOptions, Secret, WebhookOptions } from './adapter.cjs'

/** Handles one event. A promise is waited for. */
export type Handler = (event: Event, request: IncomingMessage, response: ServerResponse) => unknown

/** A listener for the requests of a server of `node:http`. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Makes a listener for the requests of `node:http` that hands new, authentic events to a handler, and answers everything
 * else as the provider wants it.
 *
 * It reads the raw body itself, at most `maxBody` bytes. When the handler returns without having answered, the provider's
 * reply is sent; where it answers for itself, a 2xx marks the delivery as done and anything else gives it back. When it
 * throws or rejects, the delivery is given back and `onError` is told.
 *
 * Handshakes are answered; what else is no POST gets 405. Path and query are those of the request, scheme and host never
 * are: where the provider signs the URL, give `url`. The secret may be a function of the request, and in the place of the
 * provider may stand a verifier or a function that chooses one.
 *
 * ```js
 * createServer(webhook('fourvenues', { secret, store }, (event) => console.log(event.type))).listen(3000)
 * ```
 *
 * @throws ConfigurationError: the provider, a key or an option is wrong.
 */
export function webhook(
  provider: string | Provider,
  options: WebhookOptions | null | undefined,
  handler: Handler,
): Listener
export function webhook(
  verifier: Verifier<boolean>,
  options: DeliveryOptions | null | undefined,
  handler: Handler,
): Listener
export function webhook(
  choice: VerifierChoice,
  options: ChoiceOptions | null | undefined,
  handler: Handler,
): Listener
