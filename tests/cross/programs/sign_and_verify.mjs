// Signs and verifies, one JSON object a line: the Node side of the tests in `tests/cross`.
//
// What has headers is verified, what has none is signed; what names a schedule is planned.
import { createInterface } from 'node:readline'

import { HookproofError, Provider, RetryPolicy, Signer, Verifier } from 'hookproof'

const OPTION_NAMES = { key_id: 'keyId' }

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  const task = JSON.parse(line)
  process.stdout.write(`${JSON.stringify(answer(task))}\n`)
}

function answer(task) {
  try {
    if ('schedule' in task) return schedule(task.schedule)
    return 'headers' in task ? verify(task) : sign(task)
  } catch (error) {
    if (error instanceof HookproofError) return { code: error.code, message: error.message }
    throw error
  }
}

function schedule(task) {
  const policy = 'plan' in task ? RetryPolicy.fromObject(task.plan) : RetryPolicy.of(task.provider)
  const seed = BigInt(task.seed)
  const delays = policy.scheduleMs({ seed })
  const alike = delays.every((delay, index) => policy.delayMs(index + 1, { seed }) === delay)
  // Milliseconds with three decimals.
  return { delays_us: delays.map((delay) => Math.round(delay * 1000)), alike }
}

function sign(task) {
  const signer = new Signer(provider(task.provider), options(task))
  const { id, type, now, method, url, attributes } = task
  const signed = signer.sign(bytes(task), { id, type, now, method, url, attributes })
  return { headers: signed.headers, body_base64: Buffer.from(signed.body).toString('base64') }
}

function verify(task) {
  const verifier = new Verifier(provider(task.provider), options(task))
  const { now, method, url } = task
  return { event: described(verifier.verify(bytes(task), task.headers, { now, method, url })) }
}

function described(event) {
  return {
    provider: event.provider,
    id: event.id,
    type: event.type,
    body_base64: Buffer.from(event.body).toString('base64'),
    data: event.data,
    sent_at_ms: event.sentAt?.getTime() ?? null,
    occurred_at_ms: event.occurredAt?.getTime() ?? null,
    attributes: { ...event.attributes },
    idempotency_key: event.idempotencyKey,
    is_ping: event.isPing,
    proof: proven(event.proof),
  }
}

function proven(proof) {
  return {
    covers: [...proof.covers],
    key_index: proof.keyIndex,
    key_label: proof.keyLabel,
    algorithm: proof.algorithm,
    claims: proof.claims,
    content: proof.content,
  }
}

function provider(value) {
  return typeof value === 'string' ? value : Provider.fromObject(value)
}

function options(task) {
  const named = Object.entries(task.options ?? {}).map(([name, value]) => [OPTION_NAMES[name] ?? name, value])
  return { secret: task.secret, ...Object.fromEntries(named) }
}

function bytes(task) {
  return Buffer.from(task.body_base64, 'base64')
}
