// Who is measured in a row, doing what; and what each must accept and refuse to be let in.

/** Everybody accepts the good request. */
export function acceptances(makers, delivery) {
  return makers.map((make) => {
    const { name, judge, isFloor } = make(delivery)
    const refusing = isFloor ? undefined : judge(delivery.rejected)
    return { name, accepting: judge(delivery.headers), refusing }
  })
}

/** Everybody refuses the bad request, and beside it accepts the good one. */
export function rejections(makers, delivery) {
  return acceptances(makers, delivery).flatMap(({ name, accepting, refusing }) => [
    { name, accepting, refusing, measured: refusal(refusing) },
    { name: name === 'hookproof' ? 'accept' : `${name}, accept`, accepting, refusing },
  ])
}

/** A handler catches what is thrown. */
function refusal({ run, prepare }) {
  const judge = async (promise) => {
    try {
      return !(await promise)
    } catch {
      return true
    }
  }
  return {
    prepare,
    run() {
      try {
        const answer = run()
        return typeof answer?.then === 'function' ? judge(answer) : !answer
      } catch {
        return true
      }
    },
  }
}
