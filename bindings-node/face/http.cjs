'use strict'

const { receiverFor } = require('./adapter.cjs')
const { receive, run, send } = require('./node-http.cjs')
const options = require('./options.cjs')

const FIX = 'call this listener before anything that reads the request, or keep its bytes as request.rawBody'

/** Makes a listener for the requests of node:http. */
function webhook(provider, given, handler) {
  const receiver = receiverFor(provider, given)
  const handle = options.handler(handler)

  async function answer(request, response) {
    const delivery = await receive(receiver, request, response, FIX)
    if (delivery) await run(handle, delivery, request, response)
  }

  return function hookproofWebhook(request, response) {
    answer(request, response).catch((error) => {
      // There is no framework behind this one that would answer.
      receiver.hooks.failed(error, null)
      send(response, receiver.provider.reply('misconfigured'))
    })
  }
}

module.exports = { webhook }
