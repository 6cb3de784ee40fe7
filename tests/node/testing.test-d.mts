// What TypeScript accepts and refuses of the test kit and of the check of addresses: checked by `npm run types`, never run.
import * as http from 'node:http'
import * as https from 'node:https'
import { connect } from 'node:net'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { AddressPolicy, AddressRefusedError, type ErrorCode, HookproofError, Verifier } from 'hookproof'
import { webhook as forLambda } from 'hookproof/lambda'
import { type FrozenClock, freezeClock, generateKeys, SignedRequest, signedRequest } from 'hookproof/testing'
import supertest from 'supertest'

// Signed requests
const request: SignedRequest = signedRequest('fourvenues', { secret: 's', event: 'a', body: { a: [1] } })
const test: supertest.Test = request.tampered().applyTo(supertest(express()).post('/hooks'))
test.expect(403)
request.stale(10).signedWith(new Uint8Array(8)).without('a').duplicate().applyTo(supertest.agent().put('/'))
fastify().inject(request.toInject()).then
new Hono().request(request.toRequest('http://localhost/a'))
forLambda('fourvenues', {}, () => {})(request.toLambda(), {})
const headers: { readonly [name: string]: string } = request.headers
new Verifier('fourvenues').verify(request.body, headers)
// @ts-expect-error: it cannot be changed
request.body = Buffer.alloc(0)
// @ts-expect-error: signedRequest makes it
new SignedRequest()
// @ts-expect-error: not an option
signedRequest('fourvenues', { secrets: 's' })
// @ts-expect-error: a number is no body
signedRequest('fourvenues', { body: 1 })
// @ts-expect-error: no test
request.applyTo({ send() {} })

// Keys
const keys = generateKeys({ claims: { sub: 'a' } })
new Verifier('pitchpoint', keys.verifier)
new Verifier('pitchpoint', { ...keys.verifier, claims: { sub: 'a' } })
signedRequest('pitchpoint', { ...keys.signer, event: 'orders/placed' })
// @ts-expect-error: the private key stands in signer
keys.verifier.secret

// The clock
const clock: FrozenClock = freezeClock(new Date())
const now: number = clock.now
clock.tick(now)
clock[Symbol.dispose]()
// @ts-expect-error: seconds or a Date
freezeClock('2026-01-01')

// Addresses
const policy = new AddressPolicy({ allow: ['10.0.0.0/8'], deny: '10.0.0.1' })
const refusal: string | null = policy.refusal('10.0.0.1')
const isPermitted: boolean = policy.permits('10.0.0.1')
http.request('http://a.example', { agent: policy.httpAgent({ keepAlive: true }), lookup: policy.lookup })
https.request('https://a.example', { agent: policy.httpsAgent({ rejectUnauthorized: true }) })
connect({ host: 'a.example', port: 80, lookup: policy.lookup })
policy.check(new URL('https://a.example'))
const error: unknown = null
if (error instanceof AddressRefusedError) {
  const code: 'address_refused' = error.code
  const told: [string, string, string] = [error.host, error.address, error.refusal]
  console.log(code, told)
}
if (error instanceof HookproofError) {
  const code: ErrorCode = error.code
  console.log(code)
}
// @ts-expect-error: not an option
new AddressPolicy({ allowed: [] })

export { isPermitted, refusal }
