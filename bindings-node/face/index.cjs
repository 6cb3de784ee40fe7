'use strict'

const { AddressPolicy, AddressRefusedError } = require('./address-policy.cjs')
const errors = require('./errors.cjs')
const { Event } = require('./event.cjs')
const { Handshake } = require('./handshake.cjs')
const { Delivery } = require('./outgoing-delivery.cjs')
const { Proof } = require('./proof.cjs')
const { Provider } = require('./provider.cjs')
const { Receiver } = require('./receiver.cjs')
const { RetryPolicy } = require('./retry-policy.cjs')
const { Signer } = require('./signer.cjs')
const { MemoryStore, SqliteStore } = require('./store.cjs')
const { Verifier } = require('./verifier.cjs')

module.exports = {
  Verifier,
  Event,
  Handshake,
  Proof,
  Signer,
  Delivery,
  RetryPolicy,
  AddressPolicy,
  Provider,
  Receiver,
  MemoryStore,
  SqliteStore,
  HookproofError: errors.HookproofError,
  ConfigurationError: errors.ConfigurationError,
  VerificationError: errors.VerificationError,
  PayloadError: errors.PayloadError,
  KeysUnavailableError: errors.KeysUnavailableError,
  AddressRefusedError,
}
