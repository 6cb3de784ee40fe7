export { AddressPolicy, type AddressPolicyOptions, AddressRefusedError } from './address-policy.cjs'
export type { Body, ParsedBody } from './body.cjs'
export type {
  AddressCode,
  ConfigurationCode,
  ErrorCode,
  KeysUnavailableCode,
  PayloadCode,
  VerificationCode,
} from './errors.cjs'
export {
  ConfigurationError,
  HookproofError,
  KeysUnavailableError,
  PayloadError,
  VerificationError,
} from './errors.cjs'
export { Event } from './event.cjs'
export { Handshake } from './handshake.cjs'
export type { HeadersInput } from './headers.cjs'
export {
  type AttemptOutcome,
  Delivery,
  type DeliveryJSON,
  type DeliveryOptions,
} from './outgoing-delivery.cjs'
export { type Covered, Proof } from './proof.cjs'
export {
  type Evidence,
  type HandshakeParts,
  type Outcome,
  Provider,
  type ProviderDescription,
  type Reply,
} from './provider.cjs'
export {
  type ChoiceOptions,
  type ChoiceRequest,
  Receiver,
  type ReceiverOptions,
  type VerifierChoice,
} from './receiver.cjs'
export { type Attempt, type Decision, RetryPolicy, type Seeded } from './retry-policy.cjs'
export { type MessageParts, type Signed, Signer, type SignerOptions } from './signer.cjs'
export {
  type Claim,
  MemoryStore,
  type MemoryStoreOptions,
  SqliteStore,
  type SqliteStoreOptions,
  type Store,
} from './store.cjs'
export { type RequestParts, Verifier, type VerifierOptions } from './verifier.cjs'
