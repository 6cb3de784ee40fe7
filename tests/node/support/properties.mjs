// Properties search with the same examples on every run, so that a red build is red for whoever repeats it.
// `HOOKPROOF_SEED=… HOOKPROOF_EXAMPLES=…` draws others; the seed of a failure is printed.
import fc from 'fast-check'

const examples = process.env.HOOKPROOF_EXAMPLES

fc.configureGlobal({
  seed: Number(process.env.HOOKPROOF_SEED ?? 20_261_122),
  ...(examples ? { numRuns: Number(examples) } : {}),
})

/** How often a property runs that is checked for each of 88 providers. */
export const FEW = examples ? Number(examples) : 25

export default fc
