// Loads receivers in turns: takes a plan from its standard input, and prints what came of each contender's turns.
//
// The load is closed: each connection sends its next request when the last was answered.
import { json } from 'node:stream/consumers'

import autocannon from 'autocannon'

const { servers, path, headers, body, connections, rounds, seconds, warmUpRequests } = await json(
  process.stdin,
)
const request = { method: 'POST', headers, body: Buffer.from(body, 'base64'), connections }
const contenders = Object.keys(servers)

// By their number and not for a time: of one that is slow, too few would come by to have its code compiled.
for (const contender of contenders) await turn(contender, { amount: warmUpRequests })

const turns = Object.fromEntries(contenders.map((contender) => [contender, []]))
for (let round = 0; round < rounds; round += 1) {
  for (const index of contenders.keys()) {
    // Nobody is always the one that comes after the same other.
    const contender = contenders[(round + index) % contenders.length]
    turns[contender].push(await turn(contender, { duration: seconds }))
  }
}
console.log(JSON.stringify(turns))

/** Loads one receiver, and counts for itself: autocannon's own histogram knows whole milliseconds only. */
async function turn(contender, length) {
  const latencies = []
  let first
  let last
  const cpuBefore = await cpuOf(contender)
  const load = autocannon({ ...request, url: servers[contender] + path, ...length, sampleInt: 50 })
  load.on('response', (_client, _status, _bytes, milliseconds) => {
    last = performance.now()
    first ??= last
    latencies.push(milliseconds)
  })
  const { non2xx, errors } = await load
  if (non2xx > 0 || errors > 0 || latencies.length < 2)
    throw new Error(`${contender}: of ${latencies.length} answers ${non2xx} were no 2xx; ${errors} errors`)
  latencies.sort((one, other) => one - other)
  // From the first answer on, so that neither connecting nor the end of autocannon's interval counts.
  const perSecond = ((latencies.length - 1) / (last - first)) * 1000
  const cpu = ((await cpuOf(contender)) - cpuBefore) / latencies.length
  return { perSecond, cpu, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
}

/** Asks a receiver how many microseconds of processor time it has taken. */
async function cpuOf(contender) {
  const response = await fetch(`${servers[contender]}/cpu`)
  return response.json()
}

function quantile(sorted, share) {
  return sorted[Math.ceil(share * sorted.length) - 1]
}
