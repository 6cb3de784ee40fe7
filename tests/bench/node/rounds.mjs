// The clock: contenders are measured in turns, so that what slows the machine slows them all.

// V8 compiles a function anew while it learns what is called how.
const WARM_UP_CALLS = 2000
const WARM_UP_BATCHES = 10
const WARM_UP_LIMIT_MS = 150
// It does so in another thread, so that the first rounds may still run what is about to be replaced.
const UNCOUNTED_ROUNDS = 3
// How often a batch is tried until the system lets it run through.
const TRIES = 4
// On a busy machine all takes many times as long, and the timestamps of the requests expire.
const ROW_LIMIT_MS = 6000

/** Measures what one call of each takes, in nanoseconds: the median of the rounds, and their quartiles. */
export async function measured(contenders, wanted, batchMs) {
  const runners = []
  for (const contender of contenders) runners.push(await Runner.of(contender, batchMs))
  const started = performance.now()
  let rounds = -UNCOUNTED_ROUNDS
  while (rounds < wanted && (rounds < 1 || performance.now() - started < ROW_LIMIT_MS)) {
    for (const runner of turned(runners, rounds + UNCOUNTED_ROUNDS)) await runner.measure()
    rounds += 1
  }
  const entries = (value) => {
    return Object.fromEntries(runners.map((runner) => [runner.name, value(runner.sorted(rounds))]))
  }
  return {
    rounds,
    ns: entries((times) => quantile(times, 0.5)),
    quartiles: entries((times) => [quantile(times, 0.25), quantile(times, 0.75)]),
  }
}

/** Everybody is first once, and in every second round everybody has another before them. */
function turned(runners, round) {
  const first = round % runners.length
  const order = [...runners.slice(first), ...runners.slice(0, first)]
  return round % 2 === 0 ? order : order.reverse()
}

/** Nearest rank, to a tenth. */
function quantile(sorted, share) {
  return Math.round(sorted[Math.round((sorted.length - 1) * share)] * 10) / 10
}

class Runner {
  #run
  #prepare
  #loop
  #calls = 1
  #works
  #times = []

  constructor({ name, run, prepare, works }, isAsync) {
    this.name = name
    this.#run = run
    this.#prepare = prepare ?? (() => {})
    this.#loop = isAsync ? loopAwaiting : loop
    this.#works = works ?? 1
  }

  /** Warms a contender up and finds how many calls make a batch. */
  static async of(contender, batchMs) {
    contender.prepare?.(1)
    const answer = contender.run()
    const runner = new Runner(contender, typeof answer?.then === 'function')
    await answer
    await runner.#warmUp(batchMs)
    return runner
  }

  /** Sorts the times of the last rounds. */
  sorted(rounds) {
    return this.#times.slice(-rounds).sort((a, b) => a - b)
  }

  /** A batch during which the system gave the processor to somebody else measures the others, and is tried again. */
  async measure() {
    let milliseconds
    for (let left = TRIES; left > 0; left -= 1) {
      const { involuntaryContextSwitches: before } = process.resourceUsage()
      milliseconds = await this.#batch()
      if (process.resourceUsage().involuntaryContextSwitches === before) break
    }
    this.#times.push((milliseconds * 1e6) / this.#calls / this.#works)
  }

  async #warmUp(batchMs) {
    const started = performance.now()
    let fastest = batchMs
    for (let batch = 0, calls = 0; batch < WARM_UP_BATCHES || calls < WARM_UP_CALLS; batch += 1) {
      const milliseconds = await this.#batch()
      calls += this.#calls
      fastest = Math.min(fastest, milliseconds / this.#calls)
      // The first calls are too few to tell how long one takes.
      this.#calls = Math.max(1, Math.min(this.#calls * 8, Math.floor(batchMs / fastest)))
      if (performance.now() - started > WARM_UP_LIMIT_MS) break
    }
  }

  async #batch() {
    this.#prepare(this.#calls)
    const started = performance.now()
    const loop = this.#loop(this.#run, this.#calls)
    if (loop !== undefined) await loop
    return performance.now() - started
  }
}

function loop(run, calls) {
  for (let call = 0; call < calls; call += 1) run()
}

async function loopAwaiting(run, calls) {
  for (let call = 0; call < calls; call += 1) await run()
}
