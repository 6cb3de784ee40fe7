'use strict'

const { unwrap } = require('../errors.cjs')
const native = require('../native.cjs')
const options = require('../options.cjs')

const KEY_OPTIONS = ['issuer', 'audience', 'keyId', 'claims']

/** Claims that a provider may require and no test cares about. */
const CLAIMS = { sub: 'hookproof-test' }

/** Makes the keys of an issuer that exists in this test only. */
function generateKeys(given) {
  const known = options.optionsOf('generateKeys', given, KEY_OPTIONS)
  const issuer = options.text('the option issuer', known.issuer) ?? 'https://issuer.test'
  const audience = options.text('the option audience', known.audience) ?? 'hookproof-test'
  const keyId = options.text('the option keyId', known.keyId) ?? 'test'
  options.claims(known.claims)
  const claims = Object.freeze({ ...CLAIMS, ...known.claims })
  const { privateKey, jwks } = unwrap(native.generateKeys(keyId))
  return Object.freeze({
    issuer,
    audience,
    keyId,
    claims,
    privateKey,
    jwks: JSON.parse(jwks),
    signer: Object.freeze({ secret: privateKey, issuer, audience, keyId, claims }),
    verifier: Object.freeze({ issuer, audience, jwks: JSON.parse(jwks) }),
  })
}

module.exports = { generateKeys }
