'use strict'

const { receiverFor } = require('./adapter.cjs')
const { receive, run, settleWith } = require('./node-http.cjs')
const { callback } = require('./options.cjs')

/** Makes a middleware that lets only new, authentic events through, or hands them to a handler. */
function webhook(provider, given, handler) {
  const receiver = receiverFor(provider, given)
  const handle = callback('the handler', handler)

  async function answer(request, response, next) {
    const delivery = await receive(receiver, request, response)
    if (!delivery) return
    if (handle) return run(handle, delivery, request, response)
    request.webhook = delivery.event
    settleWith(response, delivery)
    next()
  }

  return function hookproofWebhook(request, response, next) {
    answer(request, response, next).catch(next)
  }
}

module.exports = { webhook }
