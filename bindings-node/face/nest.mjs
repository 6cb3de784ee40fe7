// Imported here too, and not by nest.cjs: Nest 12 is an ES module, which not every Node 20 can require.
import { createParamDecorator } from '@nestjs/common'

import interceptor from './nest-interceptor.cjs'

export const { webhook } = interceptor
export const WebhookEvent = createParamDecorator((_data, context) => interceptor.eventOf(context))
