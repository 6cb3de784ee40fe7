// The same classes as for CommonJS, so that an instanceof holds in a program that loads both.
import face from './index.cjs'

export const {
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
  HookproofError,
  ConfigurationError,
  VerificationError,
  PayloadError,
  KeysUnavailableError,
  AddressRefusedError,
} = face
