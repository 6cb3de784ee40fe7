import face from './svix.cjs'

export const { Webhook, WebhookVerificationError } = face
