/** Stands in for the class `Webhook` of the package `svix`: one import changes. It reads `svix-*` and `webhook-*`. */
export { type VerifyOptions, Webhook, type WebhookOptions, WebhookVerificationError } from './standard.cjs'
