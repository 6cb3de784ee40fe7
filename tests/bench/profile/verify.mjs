// Verifies one request for some seconds: verify.mjs PACKAGE DELIVERIES ROW BYTES SECONDS prints ns for a call.
// The row `reject` is Standard Webhooks with a wrong signature.
import { createRequire } from 'node:module'

import { readDeliveries } from '../node/deliveries.mjs'

const CALLS = 1000

const [folder, deliveries, row, bytes, seconds] = process.argv.slice(2)
const { Verifier } = createRequire(`${folder}/package.json`)('hookproof')
const { signed } = readDeliveries(deliveries)
const isWrong = row === 'reject'
const wanted = isWrong ? 'standard-webhooks' : row
const delivery = signed.find((found) => found.row === wanted && found.bytes === Number(bytes))
const verifier = new Verifier(delivery.provider, { secret: delivery.secret })
const end = performance.now() + Number(seconds) * 1000
let best = Number.POSITIVE_INFINITY
while (performance.now() < end) best = Math.min(best, isWrong ? rejects() : accepts())
console.log((best * 1e6) / CALLS)

function accepts() {
  const started = performance.now()
  for (let call = 0; call < CALLS; call++) {
    const event = verifier.verify(delivery.body, delivery.headers)
    if (event.id.length + event.type.length === 0) throw new Error('the event is empty')
  }
  return performance.now() - started
}

function rejects() {
  const started = performance.now()
  for (let call = 0; call < CALLS; call++) {
    let event
    try {
      event = verifier.verify(delivery.body, delivery.rejected)
    } catch {}
    if (event !== undefined) throw new Error('a wrong signature was accepted')
  }
  return performance.now() - started
}
