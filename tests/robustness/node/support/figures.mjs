// What the robustness suite measures, one line a figure, as the other languages print theirs.

/** Whether the suite is to be short, as in CI. */
export const IS_SHORT = Boolean(process.env.SHORT)

/** The seed of everything that is drawn; printed, so that a run can be repeated. */
export const SEED = Number(process.env.SEED ?? 20_261_122)

export function report(name, figures) {
  const written = Object.entries(figures).map(([what, value]) => `${what}=${value}`)
  console.log(`robustness node ${name}: ${written.join(' ')}`)
}

/** Draws numbers from 0 up to 1, the same for a seed on every machine (mulberry32). */
export function drawn(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
