import kit from './testing.cjs'

export const { signedRequest, SignedRequest, generateKeys, freezeClock, FrozenClock } = kit
