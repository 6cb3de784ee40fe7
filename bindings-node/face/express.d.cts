import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Event } from './event.cjs'
import type { Provider } from './provider.cjs'
import type { ReceiverOptions } from './receiver.cjs'
import type { Verifier, VerifierOptions } from './verifier.cjs'

declare global {
  namespace Express {
    interface Request {
      /** The event that `webhook` of `hookproof/express` let through; only there on routes behind it. */
      webhook: Event
    }
  }
}

/** The options of {@link webhook} where a verifier is given. */
export type DeliveryOptions = ReceiverOptions

/** The options of {@link webhook}: those of the verifier and those of the receiver. */
export interface WebhookOptions extends ReceiverOptions, Omit<VerifierOptions, 'maxBody'> {
  /**
   * Also accepts a signature over ECMAScript's `JSON.stringify(JSON.parse(body))`, and a body that `express.json` has
   * parsed already. Default: false.
   */
  acceptReserialized?: boolean | null | undefined
}

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
 * URL, give `url`.
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
>(provider: string | Provider, options?: WebhookOptions, handler?: Handler<Request, Response>): Middleware
export function webhook<
  Request extends IncomingMessage = IncomingMessage,
  Response extends ServerResponse = ServerResponse,
>(verifier: Verifier<boolean>, options?: DeliveryOptions, handler?: Handler<Request, Response>): Middleware
