'use strict'

const { webhookFor, WebhookVerificationError } = require('./standard.cjs')

module.exports = { Webhook: webhookFor('standard-webhooks'), WebhookVerificationError }
