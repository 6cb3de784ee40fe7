import type { DeliveryOptions, WebhookOptions } from './adapter.cjs'
import type { Event } from './event.cjs'
import type { Provider } from './provider.cjs'
import type { ChoiceOptions, VerifierChoice } from './receiver.cjs'
import type { Verifier } from './verifier.cjs'

export type { DeliveryOptions, Secret, WebhookOptions } from './adapter.cjs'

type Values = { readonly [name: string]: string | undefined } | null | undefined
type Lists = { readonly [name: string]: readonly string[] | undefined } | null | undefined

/**
 * What is read of an event of AWS Lambda: API Gateway (formats 1.0 and 2.0), a function URL or a load balancer. The
 * types of `@types/aws-lambda` fit.
 */
export interface HttpEvent {
  readonly httpMethod?: string
  readonly path?: string
  readonly rawPath?: string
  readonly rawQueryString?: string
  readonly queryStringParameters?: Values
  readonly multiValueQueryStringParameters?: Lists
  readonly headers?: Values
  readonly multiValueHeaders?: Lists
  readonly requestContext?: object
  readonly body?: string | null | undefined
  readonly isBase64Encoded?: boolean
}

/** What a function answers, in a form that all of them take. */
export interface HttpResult {
  statusCode: number
  headers?: { [name: string]: string }
  multiValueHeaders?: { [name: string]: string[] }
  body: string
  isBase64Encoded?: boolean
}

/** Handles one event. A result of its own is returned in the place of the provider's reply. */
export type Handler<Given extends HttpEvent, Context> = (
  event: Event,
  request: Given,
  context: Context,
) => Answer | Promise<Answer>

// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement returns void
type Answer = HttpResult | undefined | void

/** A function of AWS Lambda. */
export type Receive<Given extends HttpEvent, Context> = (
  event: Given,
  context: Context,
) => Promise<HttpResult>

/**
 * Makes a function of AWS Lambda that hands new, authentic events to a handler, and answers everything else as the
 * provider wants it.
 *
 * It takes the events of API Gateway's proxy integration, function URLs and load balancers, with bodies in base64 or not.
 * When the handler returns nothing, the provider's reply is returned. Where it returns a result, a 2xx marks the delivery
 * as done and anything else gives it back. When it throws or rejects, the delivery is given back and `onError` is told.
 *
 * The memory of a function is not shared with other instances: give a store that is.
 *
 * Handshakes are answered; what else is no POST gets 405. Path and query are those of the request, scheme and host never
 * are: where the provider signs the URL, give `url`. The secret may be a function of the request, and in the place of the
 * provider may stand a verifier or a function that chooses one.
 *
 * ```js
 * export const handler = webhook('fourvenues', { secret, store }, async (event) => console.log(event.type))
 * ```
 *
 * @throws ConfigurationError: the provider, a key or an option is wrong. TypeError, by the function: what called it is
 * none of these.
 */
export function webhook<Given extends HttpEvent = HttpEvent, Context = unknown>(
  provider: string | Provider,
  options: WebhookOptions | null | undefined,
  handler: Handler<Given, Context>,
): Receive<Given, Context>
export function webhook<Given extends HttpEvent = HttpEvent, Context = unknown>(
  verifier: Verifier<boolean>,
  options: DeliveryOptions | null | undefined,
  handler: Handler<Given, Context>,
): Receive<Given, Context>
export function webhook<Given extends HttpEvent = HttpEvent, Context = unknown>(
  choice: VerifierChoice,
  options: ChoiceOptions | null | undefined,
  handler: Handler<Given, Context>,
): Receive<Given, Context>
