import type { NestInterceptor } from '@nestjs/common' with { 'resolution-mode': 'import' }

import type { DeliveryOptions, WebhookOptions } from './adapter.cjs'
import type { Provider } from './provider.cjs'
import type { ChoiceOptions, VerifierChoice } from './receiver.cjs'
import type { Verifier } from './verifier.cjs'

export type { DeliveryOptions, Secret, WebhookOptions } from './adapter.cjs'

/**
 * Makes an interceptor of NestJS that lets only new, authentic events through to the route, and answers everything else
 * as the provider wants it.
 *
 * Nest parses bodies before any interceptor runs, so make it keep the bytes:
 * `NestFactory.create(AppModule, { rawBody: true })`. Its parsers take 100 kB; `app.useBodyParser('json', { limit: '1mb' })`
 * lets larger ones through to `maxBody`.
 *
 * When the route returns nothing, the provider's reply is sent. Where it returns something, that is sent, with 200 unless
 * `@HttpCode` says otherwise; a 2xx marks the delivery as done and anything else gives it back. When it throws or rejects,
 * the delivery is given back, `onError` is told, and Nest's exception filters answer.
 *
 * Handshakes are answered. Where the provider has some that are no POST, use `@All`. Path and query are those of the
 * request, scheme and host never are: where the provider signs the URL, give `url`. The secret may be a function of the
 * request, and in the place of the provider may stand a verifier or a function that chooses one.
 *
 * ```ts
 * @Controller('hooks')
 * class HooksController {
 *   @Post()
 *   @UseInterceptors(webhook('fourvenues', { secret, store }))
 *   tickets(@WebhookEvent() event: Event) {
 *     console.log(event.type)
 *   }
 * }
 * ```
 *
 * @throws ConfigurationError: the provider, a key or an option is wrong.
 */
export function webhook(provider: string | Provider, options?: WebhookOptions | null): NestInterceptor
export function webhook(verifier: Verifier<boolean>, options?: DeliveryOptions | null): NestInterceptor
export function webhook(choice: VerifierChoice, options?: ChoiceOptions | null): NestInterceptor

/** Gives the route's parameter the event that {@link webhook} let through. */
export const WebhookEvent: () => ParameterDecorator
