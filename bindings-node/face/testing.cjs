'use strict'

const { freezeClock, FrozenClock } = require('./testing/frozen-clock.cjs')
const { signedRequest, SignedRequest } = require('./testing/signed-request.cjs')
const { generateKeys } = require('./testing/issuer-keys.cjs')

module.exports = { signedRequest, SignedRequest, generateKeys, freezeClock, FrozenClock }
