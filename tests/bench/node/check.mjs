// Nothing that is fast but wrong is measured.

/** Sees each contender accept what is right and refuse what is not, and gives what is to be measured of each. */
export async function checked(contenders) {
  for (const { name, accepting, refusing } of contenders) {
    const accepted = await outcomeOf(accepting)
    if (!accepted.isSuccess) throw new Error(`${name} refuses the good request`, { cause: accepted.error })
    if (refusing && (await outcomeOf(refusing)).isSuccess) throw new Error(`${name} accepts the bad request`)
  }
  return contenders.map(({ name, measured, accepting }) => ({ name, ...(measured ?? accepting) }))
}

/** Some throw, and some return false. */
async function outcomeOf({ run, prepare }) {
  prepare?.(1)
  try {
    return { isSuccess: Boolean(await run()) }
  } catch (error) {
    return { isSuccess: false, error }
  }
}
