// What a program gets wrong: the language's own TypeError for a wrong type, invalid_option for a wrong value.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { HookproofError, Provider, Signer, Verifier } from 'hookproof'

import { SECRET, sign } from './support/senders.mjs'

function configuration(code, message = /./) {
  return { name: 'ConfigurationError', code, message }
}

describe('a verifier is refused for', () => {
  const wrong = {
    'no options': undefined,
    'no secret': {},
    'an undefined secret': { secret: undefined },
    'an empty secret': { secret: '' },
    'a blank secret': { secret: ' \t' },
    'a secret with its newline': { secret: 'test-sign-secret\n' },
    'an empty list of secrets': { secret: [] },
    'an empty second secret': { secret: [SECRET, ''] },
    'empty bytes': { secret: new Uint8Array(0) },
    'a secret with a lone surrogate': { secret: 'secret\ud800' },
  }
  for (const [name, options] of Object.entries(wrong)) {
    it(name, () => assert.throws(() => new Verifier('fourvenues', options), configuration('invalid_secret')))
  }
})

describe('an option is invalid with', () => {
  const wrong = {
    'a name that is not known': { tolerance_seconds: 1 },
    'a negative tolerance': { toleranceSeconds: -1 },
    'a tolerance that is no number': { toleranceSeconds: Number.NaN },
    'a tolerance without an end': { toleranceSeconds: Number.POSITIVE_INFINITY },
    'a tolerance that no duration holds': { toleranceSeconds: 1e300 },
    'a limit in fractions': { maxBody: 1.5 },
    'a negative limit': { maxBody: -1 },
    'labels for other secrets': { keyLabels: ['a', 'b'] },
    'an issuer where there is no token': { issuer: 'https://issuer.example' },
    'an endpoint with a space': { endpoint: 'a b' },
    'an endpoint that is no text': { endpoint: '\ud800' },
  }
  for (const [name, options] of Object.entries(wrong)) {
    it(name, () => {
      assert.throws(
        () => new Verifier('fourvenues', { secret: SECRET, ...options }),
        configuration('invalid_option'),
      )
    })
  }

  it('a misspelt name, and the message says the right ones', () => {
    assert.throws(
      () => new Verifier('fourvenues', { secret: SECRET, acceptReserialised: true }),
      configuration('invalid_option', /"acceptReserialised".*acceptReserialized/),
    )
  })
})

it('labels are parallel to the secrets', () => {
  const { body, headers } = sign()
  const labelOf = (secret, keyLabels) =>
    new Verifier('fourvenues', { secret, keyLabels }).verify(body, headers).proof.keyLabel
  assert.equal(labelOf(['new', SECRET], ['2026', '2025']), '2025')
  for (const keyLabels of [['2026', null], ['2026', undefined], ['2026'], [], null]) {
    assert.equal(labelOf(['new', SECRET], keyLabels), null)
  }
  assert.equal(labelOf(['new', SECRET], [null, '2025']), '2025')
  assert.equal(labelOf(SECRET, 'a'), 'a')
})

describe('a pinned number', () => {
  const options = { issuer: 'https://issuer.example', audience: 'acme', fetchKeys: false }

  it('is refused where it is none, or was rounded when it was read', () => {
    for (const level of [Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 53, [{ tenant: 1e300 }]]) {
      assert.throws(
        () => new Verifier('jwt-bearer', { ...options, claims: { level } }),
        configuration('invalid_option', /not one that JavaScript has exactly/),
      )
    }
  })

  it('may be any that is exact', () => {
    for (const level of [0, -1, 0.5, 2 ** 53 - 1, [{ tenant: 7 }]])
      assert.ok(new Verifier('jwt-bearer', { ...options, claims: { level } }))
  })
})

describe('a wrong type is a TypeError:', () => {
  const wrong = {
    'a number as the secret': { secret: 1 },
    'a number among the secrets': { secret: [SECRET, 1] },
    'a text as the tolerance': { toleranceSeconds: '300' },
    'a number as the issuer': { issuer: 1 },
    'a text as a switch': { acceptReserialized: 'yes' },
    'a list as the claims': { claims: ['sub'] },
    'an undefined claim': { claims: { sub: undefined } },
    'a number as the key set': { jwks: 1 },
    'a text as the limit': { maxBody: '1mb' },
    'a bigint as the limit': { maxBody: 1n },
    'a number among the labels': { keyLabels: [5] },
  }
  for (const [name, options] of Object.entries(wrong)) {
    it(name, () => assert.throws(() => new Verifier('fourvenues', { secret: SECRET, ...options }), TypeError))
  }

  it('options that are no object', () => {
    for (const options of ['secret', 1, [SECRET], true]) {
      assert.throws(() => new Verifier('fourvenues', options), TypeError)
    }
  })

  it('a provider that is none', () => {
    for (const provider of [undefined, null, 1, {}, Buffer.from('fourvenues')]) {
      assert.throws(() => new Verifier(provider, { secret: SECRET }), TypeError)
      assert.throws(() => new Signer(provider, { secret: SECRET }), TypeError)
    }
  })

  it('a message does not show a secret', () => {
    assert.throws(
      () => new Verifier('fourvenues', { secret: { value: SECRET } }),
      (error) => error instanceof TypeError && !error.message.includes(SECRET),
    )
  })
})

describe('verify', () => {
  const verifier = new Verifier('fourvenues', { secret: SECRET })
  const { body, headers } = sign()

  it('takes a moment as a number', () => {
    assert.equal(verifier.verify(body, headers, { now: 1_790_000_000.5 }).id, '5f7b')
    for (const now of ['1790000000', 1n, new Date()]) {
      assert.throws(() => verifier.verify(body, headers, { now }), TypeError)
    }
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
      assert.throws(() => verifier.verify(body, headers, { now }), configuration('invalid_option'))
    }
  })

  it('takes method and URL as texts', () => {
    assert.equal(verifier.verify(body, headers, { method: 'POST', url: null }).id, '5f7b')
    assert.throws(() => verifier.verify(body, headers, { method: 1 }), TypeError)
    assert.throws(() => verifier.verify(body, headers, { url: new URL('https://example.com') }), TypeError)
  })

  it('throws an error that says what it is', () => {
    assert.throws(
      () => verifier.verify(body, {}),
      (error) =>
        error instanceof HookproofError &&
        error instanceof Error &&
        error.name === 'VerificationError' &&
        error.code === 'missing_header' &&
        String(error) === `VerificationError: ${error.message}`,
    )
  })

  it('makes no stack trace for what a request causes', () => {
    const limit = Error.stackTraceLimit
    assert.throws(
      () => verifier.verify(body, {}),
      (error) => error.stack === String(error),
    )
    assert.throws(
      () => verifier.verify({}, headers),
      (error) => error.stack.includes('\n'),
    )
    assert.equal(Error.stackTraceLimit, limit)
  })

  it('rejects where it would throw', async () => {
    assert.equal((await verifier.verifyAsync(body, headers)).id, '5f7b')
    await assert.rejects(verifier.verifyAsync(body, {}), { code: 'missing_header' })
    await assert.rejects(verifier.verifyAsync(1, {}), TypeError)
  })

  it('needs its verifier', () => {
    const { verify } = verifier
    assert.throws(() => verify(body, headers), TypeError)
    assert.throws(() => Verifier.prototype.verify.call({}, body, headers), TypeError)
  })
})

describe('keys', () => {
  const token = { issuer: 'https://issuer.example', audience: 'me' }

  it('are missing until they are given', () => {
    const verifier = new Verifier('jwt-bearer', token)
    assert.throws(() => verifier.updateKeys({ keys: 'none' }), configuration('invalid_key'))
    assert.throws(() => verifier.updateKeys('{'), configuration('invalid_key'))
    for (const jwks of [undefined, null, 1, []]) assert.throws(() => verifier.updateKeys(jwks), TypeError)
  })

  it('are not for a provider that has a secret', () => {
    const verifier = new Verifier('fourvenues', { secret: SECRET })
    assert.throws(() => verifier.updateKeys({ keys: [] }), configuration('invalid_option'))
  })
})

describe('sign', () => {
  const signer = new Signer('eventsair', { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })

  it('signs now unless it is told when', () => {
    const { headers } = signer.sign('{}', { id: 'msg_1' })
    assert.ok(Math.abs(Number(headers['Webhook-Timestamp']) - Date.now() / 1000) < 5)
    assert.equal(
      signer.sign('{}', { id: 'msg_1', now: 1_700_000_000 }).headers['Webhook-Timestamp'],
      '1700000000',
    )
  })

  it('gives the bytes to send', () => {
    const body = Buffer.from('{}')
    assert.equal(signer.sign(body, { id: 'msg_1' }).body, body)
    assert.deepEqual(signer.sign('é', { id: 'msg_1' }).body, Buffer.from('é'))
  })

  it('refuses what cannot be signed', () => {
    assert.throws(() => signer.sign('{}'), configuration('invalid_option'))
    assert.throws(() => signer.sign('{}', { id: 'a\r\nb' }), configuration('invalid_option'))
    assert.throws(
      () => signer.sign('{}', { id: 'msg_1', kind: 'x' }),
      configuration('invalid_option', /"kind"/),
    )
    assert.throws(() => signer.sign({ id: 1 }, { id: 'msg_1' }), TypeError)
    assert.throws(() => signer.sign('{}', { id: 1 }), TypeError)
    assert.throws(() => signer.sign('{}', { id: 'msg_1', attributes: { tenant: 1 } }), TypeError)
  })

  it('needs a secret', () => {
    assert.throws(() => new Signer('fourvenues'), configuration('invalid_secret'))
    assert.throws(() => new Signer('fourvenues', { secret: '' }), configuration('invalid_secret'))
    assert.throws(
      () => new Signer('fourvenues', { secret: SECRET, key_id: 'a' }),
      configuration('invalid_option'),
    )
  })
})

describe('a provider', () => {
  it('is found by name or described', () => {
    assert.ok(Provider.names().includes('fourvenues'))
    const described = Provider.fromObject(Provider.named('fourvenues').toObject())
    assert.deepEqual([described.name, described.title], ['fourvenues', 'Fourvenues'])
    assert.equal(Provider.fromJson(described.toJson()).toJson(), described.toJson())
  })

  it('is refused when it is unknown or malformed', () => {
    assert.throws(() => Provider.named('nobody'), configuration('unknown_provider'))
    assert.throws(() => Provider.fromJson('{'), configuration('invalid_provider'))
    assert.throws(() => Provider.fromObject({ name: 'x' }), configuration('invalid_provider'))
    for (const value of [undefined, null, 1]) {
      assert.throws(() => Provider.named(value), TypeError)
      assert.throws(() => Provider.fromJson(value), TypeError)
      assert.throws(() => Provider.fromObject(value), TypeError)
    }
    assert.throws(() => new Provider('fourvenues'), TypeError)
  })

  it('knows its replies', () => {
    const provider = Provider.named('fourvenues')
    assert.deepEqual(provider.reply('not_authentic'), {
      status: 403,
      headers: {},
      body: '',
      outcome: 'not_authentic',
    })
    assert.throws(() => provider.reply('lost'), configuration('invalid_option', /accepted, duplicate/))
    assert.throws(() => provider.reply(403), TypeError)
  })
})
