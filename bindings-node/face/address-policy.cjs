'use strict'

const { HookproofError, unwrap } = require('./errors.cjs')
const native = require('./native.cjs')
const options = require('./options.cjs')

const POLICY_OPTIONS = ['allow', 'deny']

class AddressRefusedError extends HookproofError {
  constructor(host, address, refusal) {
    const resolved = host === address ? '' : `, which is where ${host} leads,`
    super('address_refused', `the address ${address}${resolved} is not one to connect to: ${refusal}`)
    this.host = host
    this.address = address
    this.refusal = refusal
  }
}
Object.defineProperty(AddressRefusedError.prototype, 'name', { value: 'AddressRefusedError' })

class AddressPolicy {
  #native

  constructor(given) {
    const known = options.optionsOf('AddressPolicy', given, POLICY_OPTIONS)
    const allow = options.texts('the option allow', known.allow)
    this.#native = unwrap(native.buildAddressPolicy(allow, options.texts('the option deny', known.deny)))
    // Bound, for it is handed on alone.
    this.lookup = this.lookup.bind(this)
  }

  refusal(address) {
    if (typeof address !== 'string') throw options.wrongType('the address', address, 'a string')
    return unwrap(this.#native.refusal(address)) ?? null
  }

  permits(address) {
    return this.refusal(address) === null
  }

  check(url) {
    const { hostname } = new URL(url)
    this.#checkLiteral(hostname.replace(/^\[|\]$/g, ''))
  }

  lookup(hostname, given, callback) {
    const done = typeof given === 'function' ? given : callback
    if (typeof done !== 'function') throw options.wrongType('the callback', done, 'a function')
    const asked = typeof given === 'number' ? { family: given } : typeof given === 'object' ? given : {}
    // Whatever is asked for, all are looked at: the first alone may be the one that is refused.
    require('node:dns').lookup(hostname, { ...asked, all: true }, (error, found) => {
      if (error) return done(error)
      let permitted
      try {
        permitted = this.#permitted(hostname, found)
      } catch (refused) {
        return done(refused)
      }
      // The name is not looked up again: what was checked is what is connected to, however soon it leads elsewhere.
      if (asked?.all) return done(null, permitted)
      done(null, permitted[0].address, permitted[0].family)
    })
  }

  httpAgent(given) {
    return this.#agent(require('node:http').Agent, given)
  }

  httpsAgent(given) {
    return this.#agent(require('node:https').Agent, given)
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return 'AddressPolicy()'
  }

  #agent(Agent, given) {
    const { lookup } = this
    const agent = new Agent({ ...given, lookup })
    const connect = agent.createConnection
    agent.createConnection = (request, connected) => {
      try {
        // Node looks up no address that stands in the URL itself, so lookup never sees it.
        this.#checkLiteral(request.host ?? 'localhost')
      } catch (refused) {
        process.nextTick(connected, refused)
        return undefined
      }
      return connect.call(agent, { ...request, lookup }, connected)
    }
    return agent
  }

  #checkLiteral(host) {
    if (require('node:net').isIP(host) !== 0) this.#permitted(host, [{ address: host }])
  }

  /** Returns those of the found addresses that are permitted, at least one. */
  #permitted(host, found) {
    let refused
    const permitted = found.filter(({ address }) => {
      // A zone names a network card of this machine, and is no part of the address.
      const refusal = this.refusal(address.split('%', 1)[0])
      if (refusal !== null) refused ??= new AddressRefusedError(host, address, refusal)
      return refusal === null
    })
    if (permitted.length === 0) throw refused
    return permitted
  }
}

module.exports = { AddressPolicy, AddressRefusedError }
