'use strict'

/**
 * A delivery between its claim and its end. Either it has a `reply` already and there is nothing to handle, or it has
 * an `event`, and the receiver waits for `complete`, `fail` or `release`, the first of which counts.
 */
class Delivery {
  #exchange
  #owner
  #isOpen = true

  constructor(exchange, { event, owner, reply }) {
    this.#exchange = exchange
    this.#owner = owner
    this.event = event
    this.reply = reply
  }

  /** Marks the delivery as done, after the handler returned and never before, and returns the reply. */
  async complete() {
    await this.#end('complete', this.#exchange.retentionSeconds)
    return this.#exchange.answer('accepted', this.event).reply
  }

  /** Gives the delivery back, so that a retry is handled again, and returns the reply to a failed handler. */
  async fail(error) {
    this.#exchange.receiver.hooks.failed(error, this.event)
    return this.release()
  }

  /** Gives the delivery back without an error, where the application has answered that it failed. */
  async release() {
    await this.#end('release')
    return this.#exchange.answer('handler_failed', this.event).reply
  }

  async #end(method, ...rest) {
    if (!this.#isOpen) return
    this.#isOpen = false
    const { store, hooks } = this.#exchange.receiver
    try {
      const isOwner = await store[method](this.event.idempotencyKey, this.#owner, ...rest)
      if (isOwner === false) hooks.failed(new Error('the lease ended before the handler did'), this.event)
    } catch (error) {
      // The handler has run, so the sender is answered all the same; an open claim ends with its lease.
      hooks.failed(error, this.event)
    }
  }
}

module.exports = { Delivery }
