import type { IncomingMessage, ServerResponse } from 'node:http'

import type { DeliveryOptions, WebhookOptions } from './adapter.cjs'
import type { Event } from './event.cjs'
import type { Provider } from './provider.cjs'
import type { ChoiceOptions, VerifierChoice } from './receiver.cjs'
import type { Verifier } from './verifier.cjs'

declare global {
  namespace Express {
    interface Request {
      /** The event that `webhook` of `hookproof/express` let through; only there on routes behind it. */
      webhook: Event
    }
  }
}

export type { DeliveryOptions, Secret, WebhookOptions } from './adapter.cjs'

/** Handles one event. A promise is waited for. */
export type Handler<Request extends IncomingMessage, Response extends ServerResponse> = (
  event: Event,
  request: Request,
  response: Response,
) => unknown

/** A middleware of Express 4 or 5. */
export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Makes a middleware that lets only new, authentic events through, and answers everything else as the provider wants it.
 *
 * It reads the raw body itself, at most `maxBody` bytes, or takes the Buffer of `express.raw`; put it before
 * `express.json`. Without a handler, `request.webhook` is the event, and the answer of the route decides: a 2xx marks the
 * delivery as done; another status, an error or a closed connection gives it back. With a handler, that is called with
 * the event; when it returns without having answered, the provider's reply is sent.
 *
 * Handshakes are answered. Where the provider has some that are no POST, mount the middleware with `app.all`; what else
 * is no POST gets 405. Path and query are those of the request, scheme and host never are: where the provider signs the
 * URL, give `url`. The secret may be a function of the request, and in the place of the provider may stand a verifier or
 * a function that chooses one.
 *
 * ```js
 * app.post('/hooks', webhook('fourvenues', { secret, store }), (req, res) => {
 *   console.log(req.webhook.type)
 *   res.sendStatus(200)
 * })
 * ```
 *
 * @throws ConfigurationError: the provider, a key or an option is wrong.
 */
export function webhook<
  Request extends IncomingMessage = IncomingMessage,
  Response extends ServerResponse = ServerResponse,
>(
  provider: string | Provider,
  options?: WebhookOptions | null,
  handler?: Handler<Request, Response>,
): Middleware
export function webhook<
  Request extends IncomingMessage = IncomingMessage,
  Response extends ServerResponse = ServerResponse,
>(
  verifier: Verifier<boolean>,
  options?: DeliveryOptions | null,
  handler?: Handler<Request, Response>,
): Middleware
export function webhook<
  Request extends IncomingMessage = IncomingMessage,
  Response extends ServerResponse = ServerResponse,
>(choice: VerifierChoice, options?: ChoiceOptions | null, handler?: Handler<Request, Response>): Middleware
