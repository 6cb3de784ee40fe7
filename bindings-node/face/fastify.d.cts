import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'

import type { DeliveryOptions, WebhookOptions } from './adapter.cjs'
import type { Event } from './event.cjs'
import type { Provider } from './provider.cjs'
import type { ChoiceOptions, VerifierChoice } from './receiver.cjs'
import type { Verifier } from './verifier.cjs'

export type { DeliveryOptions, Secret, WebhookOptions } from './adapter.cjs'

/** Handles one event. What it returns or sends is sent in the place of the provider's reply. */
export type Handler = (event: Event, request: FastifyRequest, reply: FastifyReply) => unknown

/**
 * Makes a plugin of Fastify 5 that receives at the prefix under which it is registered, hands new, authentic events to a
 * handler, and answers everything else as the provider wants it.
 *
 * It reads the raw body itself, at most `maxBody` bytes; its parsers are for its own route, and all others keep theirs.
 * When the handler returns nothing and has sent nothing, the provider's reply is sent. Where it answers for itself, a 2xx
 * marks the delivery as done and anything else gives it back. When it throws or rejects, the delivery is given back and
 * `onError` is told.
 *
 * Handshakes are answered; what else is no POST gets 405. Path and query are those of the request, scheme and host never
 * are: where the provider signs the URL, give `url`. The secret may be a function of the request, and in the place of the
 * provider may stand a verifier or a function that chooses one.
 *
 * ```js
 * const tickets = webhook('fourvenues', { secret, store }, async (event) => console.log(event.type))
 * fastify.register(tickets, { prefix: '/hooks' })
 * ```
 *
 * @throws ConfigurationError: the provider, a key or an option is wrong.
 */
export function webhook(
  provider: string | Provider,
  options: WebhookOptions | null | undefined,
  handler: Handler,
): FastifyPluginAsync
export function webhook(
  verifier: Verifier<boolean>,
  options: DeliveryOptions | null | undefined,
  handler: Handler,
): FastifyPluginAsync
export function webhook(
  choice: VerifierChoice,
  options: ChoiceOptions | null | undefined,
  handler: Handler,
): FastifyPluginAsync
