'use strict'

const { createParamDecorator } = require('@nestjs/common')

const { eventOf, webhook } = require('./nest-interceptor.cjs')

const WebhookEvent = createParamDecorator((_data, context) => eventOf(context))

module.exports = { webhook, WebhookEvent }
