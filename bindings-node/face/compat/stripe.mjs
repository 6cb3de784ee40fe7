import face from './stripe.cjs'

export const { StripeSignatureVerificationError, webhooks } = face
