import face from './standardwebhooks.cjs'

export const { Webhook, WebhookVerificationError } = face
