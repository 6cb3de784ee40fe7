/** Stands in for the package `standardwebhooks`: one import changes. It reads the headers `webhook-*`. */
export { type VerifyOptions, Webhook, type WebhookOptions, WebhookVerificationError } from './standard.cjs'
