import type { DeliveryOptions, WebhookOptions } from './adapter.cjs'
import type { Event } from './event.cjs'
import type { Provider } from './provider.cjs'
import type { ChoiceOptions, VerifierChoice } from './receiver.cjs'
import type { Verifier } from './verifier.cjs'

export type { DeliveryOptions, Secret, WebhookOptions } from './adapter.cjs'

/** Handles one event. A Response of its own is sent in the place of the provider's reply. */
export type Handler<Given extends Request, Rest extends unknown[]> = (
  event: Event,
  request: Given,
  ...rest: Rest
) => Answer | Promise<Answer>

// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement returns void
type Answer = Response | undefined | void

/** Answers a request of the Fetch standard; it never rejects for what a request or a handler does. */
export type Receive<Given extends Request, Rest extends unknown[]> = (
  request: Given,
  ...rest: Rest
) => Promise<Response>

/**
 * Makes a function from a `Request` of the Fetch standard to its `Response`: a route handler of Next.js, what
 * `Bun.serve` and `Deno.serve` take, and in Hono `(context) => receive(context.req.raw)`.
 *
 * It hands new, authentic events to the handler, with the request and what else the framework gives, and answers
 * everything else as the provider wants it. It reads the raw body itself, at most `maxBody` bytes. When the handler
 * returns nothing, the provider's reply is sent. Where it returns a Response, that is sent: a 2xx marks the delivery as
 * done, anything else gives it back. When it throws or rejects, the delivery is given back and `onError` is told.
 *
 * Handshakes are answered; what else is no POST gets 405. Path and query are those of the request, scheme and host never
 * are: where the provider signs the URL, give `url`. The secret may be a function of the request, and in the place of the
 * provider may stand a verifier or a function that chooses one.
 *
 * ```js
 * export const POST = webhook('fourvenues', { secret, store }, async (event) => console.log(event.type))
 * ```
 *
 * @throws ConfigurationError: the provider, a key or an option is wrong.
 */
export function webhook<Given extends Request = Request, Rest extends unknown[] = unknown[]>(
  provider: string | Provider,
  options: WebhookOptions | null | undefined,
  handler: Handler<Given, Rest>,
): Receive<Given, Rest>
export function webhook<Given extends Request = Request, Rest extends unknown[] = unknown[]>(
  verifier: Verifier<boolean>,
  options: DeliveryOptions | null | undefined,
  handler: Handler<Given, Rest>,
): Receive<Given, Rest>
export function webhook<Given extends Request = Request, Rest extends unknown[] = unknown[]>(
  choice: VerifierChoice,
  options: ChoiceOptions | null | undefined,
  handler: Handler<Given, Rest>,
): Receive<Given, Rest>
