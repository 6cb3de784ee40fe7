// What TypeScript accepts and refuses: checked by `npm run types`, never run.
import { createServer } from 'node:http'

import express from 'express'
import {
  type Claim,
  ConfigurationError,
  type Decision,
  Delivery,
  type ErrorCode,
  type Event,
  type HeadersInput,
  type HookproofError,
  MemoryStore,
  type Outcome,
  type Proof,
  Provider,
  Receiver,
  type Reply,
  RetryPolicy,
  type Signed,
  Signer,
  type Store,
  VerificationError,
  Verifier,
} from 'hookproof'
import { Webhook as StandardWebhook } from 'hookproof/compat/standardwebhooks'
import { webhooks } from 'hookproof/compat/stripe'
import { webhook } from 'hookproof/express'

declare const body: Buffer
declare const secret: string | undefined

/** Fails to compile unless the two types are the same. */
function same<Expected>() {
  return <Found,>(
    _found: Found,
    ..._same: [Expected] extends [Found] ? ([Found] extends [Expected] ? [] : [never]) : [never]
  ) => {}
}

// A verifier, its options and its arguments
const verifier = new Verifier('fourvenues', { secret, toleranceSeconds: 300, keyLabels: ['new', 'old'] })
new Verifier(Provider.named('stripe'), { secret: ['new', new Uint8Array(32)] })
new Verifier('pitchpoint', {
  issuer: 'a',
  audience: ['a'],
  jwks: { keys: [] },
  claims: { sub: 'x', admin: true },
})
const issued = new Verifier('pitchpoint', {
  issuer: 'a',
  audience: 'a',
  jwksUri: 'https://issuer.example/jwks',
  keys: null,
  fetchKeys: true,
  fetchTimeoutSeconds: 2.5,
  allowInsecureLoopback: false,
})
same<string | null>()(issued.exportKeys())
same<boolean>()(issued.importKeys(''))
same<Promise<void>>()(issued.prewarm())
// @ts-expect-error: an export is text
issued.importKeys({})
// @ts-expect-error: the unit is in the name
new Verifier('pitchpoint', { fetchTimeout: 1 })
// @ts-expect-error: the provider is required
new Verifier()
// @ts-expect-error: a secret is text or bytes
new Verifier('fourvenues', { secret: 1 })
// @ts-expect-error: the unit is in the name
new Verifier('fourvenues', { secret, tolerance: 300 })
// @ts-expect-error: a switch is true or false
new Verifier('fourvenues', { secret, acceptReserialized: 'yes' })

const event: Event = verifier.verify(
  body,
  {},
  { now: 1_700_000_000, method: 'POST', url: 'https://example.com' },
)
verifier.verify('text', new Headers())
verifier.verify(new Uint8Array(1), new Map([['a', 'b']]))
verifier.verify(new DataView(new ArrayBuffer(1)), [['a', 'b']])
verifier.verify(new ArrayBuffer(1), ['a', 'b'])
createServer((request) => {
  verifier.verify(body, request.headers)
  verifier.verify(body, request.rawHeaders)
})
same<Promise<Event>>()(verifier.verifyAsync(body, {}))
same<void>()(verifier.updateKeys({ keys: [] }))
// @ts-expect-error: headers are required
verifier.verify(body)
// @ts-expect-error: a verification is no boolean
const valid: boolean = verifier.verify(body, {})
// @ts-expect-error: now is a number of seconds
verifier.verify(body, {}, { now: new Date() })
// @ts-expect-error: a parsed body is not what was signed
verifier.verify({ id: 1 }, {})
new Verifier('fourvenues', { secret, acceptReserialized: true }).verify({ id: 1 }, {})
declare const isLenient: boolean
new Verifier('fourvenues', { secret, acceptReserialized: isLenient }).verify([1], {})
// @ts-expect-error: header values are text
const wrongHeaders: HeadersInput = { 'content-length': 1 }

// An event and its proof
same<string>()(event.provider)
same<string | null>()(event.id)
same<string | null>()(event.type)
same<unknown>()(event.data)
same<Uint8Array>()(event.body)
same<Date | null>()(event.sentAt)
same<Date | null>()(event.occurredAt)
same<{ readonly [name: string]: string }>()(event.attributes)
same<string>()(event.idempotencyKey)
same<boolean>()(event.isPing)
const proof: Proof = event.proof
same<number>()(proof.keyIndex)
same<string | null>()(proof.keyLabel)
same<{ [name: string]: unknown } | null>()(proof.claims)
proof.covers.includes('body')
// @ts-expect-error: no signature covers that
proof.covers.includes('headers')
// @ts-expect-error: the list is not to be changed
proof.covers.push('body')
// @ts-expect-error: an event is not to be changed
event.id = 'another'
// @ts-expect-error: data is unknown until it is checked
event.data.payment_id

// Errors
const error = new VerificationError('missing_header', 'a message')
const base: HookproofError = error
const code: ErrorCode = base.code
// @ts-expect-error: a code of another class
if (error.code === 'invalid_secret') throw error
// @ts-expect-error: a code of another class
new ConfigurationError('missing_header', 'a message')

// Signing
const signed: Signed = new Signer('eventsair', { secret }).sign('{}', {
  id: 'msg_1',
  type: 'x',
  now: 1,
  attributes: { a: 'b' },
})
fetch('https://example.com', { method: 'POST', headers: signed.headers, body: signed.body })
// @ts-expect-error: the attributes are text
new Signer('eventsair', { secret }).sign('{}', { attributes: { a: 1 } })
// @ts-expect-error: a signer signs bytes
new Signer('eventsair', { secret }).sign({ id: 1 })

// Retries
const policy = RetryPolicy.of('fourvenues')
same<number | null>()(policy.delayMs(3, { seed: 7n }))
same<number[]>()(policy.scheduleMs())
const decision: Decision = policy.next({ attempt: 1, status: 503, retryAfter: '120', now: 1, seed: 7 })
same<'delivered' | 'retry' | 'give_up' | 'disable'>()(decision.action)
// @ts-expect-error: the number of the attempt is required
policy.next({ status: 503 })
// @ts-expect-error: made by RetryPolicy.of
new RetryPolicy()

// Receiving
class Table implements Store {
  async claim(_key: string, _leaseSeconds: number): Promise<Claim> {
    return { state: 'new', owner: 'me' }
  }
  async complete() {
    return true
  }
  async release() {
    return true
  }
}
const receiver = new Receiver(verifier, {
  store: new Table(),
  leaseSeconds: 60,
  onReject: (error) => error.code,
})
same<Promise<Reply>>()(receiver.receive(body, {}, async (event) => event.data))
receiver.receive(body, {}, () => {}).then((reply) => new Response(reply.body, reply))
new Receiver(new Verifier('fourvenues', { secret, acceptReserialized: true }), {
  store: new MemoryStore({ capacity: 9 }),
})
// @ts-expect-error: a handler is required
receiver.receive(body, {})
// @ts-expect-error: a verifier, not its provider
new Receiver('fourvenues')
// @ts-expect-error: a store answers with a state
const store: Store = { claim: () => true, complete: () => true, release: () => true }
const outcome: Outcome = Provider.named('stripe').reply('accepted').outcome
// @ts-expect-error: no such outcome
Provider.named('stripe').reply('lost')

// Express
const app = express()
app.post('/a', webhook('fourvenues', { secret, store: new MemoryStore(), maxBody: 1 }), (req, res) => {
  same<Event>()(req.webhook)
  res.sendStatus(200)
})
app.use(webhook(verifier, { onDuplicate: (event) => event.id }))
app.post(
  '/b',
  webhook(
    'fourvenues',
    { secret, acceptReserialized: true },
    async (event, req: express.Request, res: express.Response) => {
      res.status(202).json({ id: event.id, path: req.path })
    },
  ),
)
app.post(
  '/c',
  webhook('fourvenues', { secret }, (event, request, response) => [
    event.type,
    request.url,
    response.statusCode,
  ]),
)
// @ts-expect-error: the verifier has its secret
webhook(verifier, { secret })
// @ts-expect-error: not an option
webhook('fourvenues', { secret, path: '/hooks' })

// Outgoing deliveries
const own = RetryPolicy.fromObject({
  delays: { list_seconds: [5] },
  success: ['2xx'],
  retry_on: 'any_failure',
})
const delivery = new Delivery({ seed: 7n, now: 1.5 })
same<'pending' | 'delivered' | 'gave_up' | 'disabled'>()(delivery.state)
same<Date | null>()(Delivery.fromJSON(JSON.stringify(delivery)).dueAt)
same<number | null>()(delivery.record(own, { status: null, retryAfter: '5' }).delayMs)
// @ts-expect-error: a policy, not its provider
delivery.record('fourvenues')

// The call shapes of other libraries
same<string>()(new StandardWebhook('whsec_…').sign('msg_1', new Date(), '{}'))
same<unknown>()(new StandardWebhook('whsec_…', { format: 'raw' }).verify('{}', {}, { jsonParse: false }))
same<{ id: string }>()(webhooks.constructEvent<{ id: string }>('{}', 'header', 'secret'))
// @ts-expect-error: a body that something has parsed
webhooks.constructEvent({}, 'header', 'secret')

export { code, outcome, store, valid, wrongHeaders }
