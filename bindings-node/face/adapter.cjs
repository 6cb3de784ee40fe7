'use strict'

// What all adapters have in common before there is a request.

const { invalidOption } = require('./errors.cjs')
const options = require('./options.cjs')
const { Provider } = require('./provider.cjs')
const { CHOICE_OPTIONS, Receiver, RECEIVER_OPTIONS } = require('./receiver.cjs')
const { chooseBySecret } = require('./secret-choice.cjs')
const { Verifier, VERIFIER_OPTIONS } = require('./verifier.cjs')

/** Makes the receiver of a webhook: of a verifier, a function that chooses one, or a provider with its options. */
function receiverFor(provider, given) {
  if (typeof provider === 'function') {
    return new Receiver(
      provider,
      options.optionsOf('webhook', given, [...RECEIVER_OPTIONS, ...CHOICE_OPTIONS]),
    )
  }
  if (provider instanceof Verifier)
    return new Receiver(provider, options.optionsOf('webhook', given, RECEIVER_OPTIONS))
  const known = [...new Set([...VERIFIER_OPTIONS, ...RECEIVER_OPTIONS])]
  const rest = options.optionsOf('webhook', given, known)
  // One limit, that of the receiver: it is checked while the body is read.
  const ofVerifier = pick(
    rest,
    VERIFIER_OPTIONS.filter((name) => name !== 'maxBody'),
  )
  const ofReceiver = pick(rest, RECEIVER_OPTIONS)
  if (typeof rest.secret === 'function')
    return new Receiver(chooseBySecret(provider, ofVerifier), {
      ...ofReceiver,
      replies: provider instanceof Provider ? provider : Provider.named(provider),
    })
  if (typeof rest.endpoint === 'function')
    throw invalidOption('the option endpoint is a function, and only beside a secret that is one it can be')
  return new Receiver(new Verifier(provider, ofVerifier), ofReceiver)
}

function pick(given, names) {
  const own = names.filter((name) => Object.hasOwn(given, name))
  return { __proto__: null, ...Object.fromEntries(own.map((name) => [name, given[name]])) }
}

module.exports = { receiverFor }
