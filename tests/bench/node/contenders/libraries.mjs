// The libraries for signed requests, each called as its documentation says. Those that return a promise are awaited in turn.

/** Returns the parsed body. */
export const standardwebhooks =
  ({ Webhook }) =>
  ({ secret, body }) => {
    const webhook = new Webhook(secret)
    return {
      name: 'standardwebhooks',
      judge: (headers) => {
        const object = reader(headers)
        return { run: () => webhook.verify(body, object()) }
      },
    }
  }

/** Returns nothing: what is not authentic is thrown. */
export const svix =
  ({ Webhook }) =>
  ({ secret, body }) => {
    const webhook = new Webhook(secret)
    return {
      name: 'svix',
      judge(headers) {
        const object = reader(headers)
        return {
          run() {
            webhook.verify(body, object())
            return true
          },
        }
      },
    }
  }

/** The same, and the body is parsed as its documentation does it. */
export const svixWithJson =
  ({ Webhook }) =>
  ({ secret, body }) => {
    const webhook = new Webhook(secret)
    return {
      name: 'svix + JSON.parse',
      judge(headers) {
        const object = reader(headers)
        return {
          run() {
            webhook.verify(body, object())
            return JSON.parse(body.toString())
          },
        }
      },
    }
  }

/** Returns the parsed body. */
export const stripe =
  (Stripe) =>
  ({ secret, body }) => {
    const { webhooks } = new Stripe('sk_test_bench')
    return {
      name: 'stripe',
      judge: (headers) => ({ run: () => webhooks.constructEvent(body, headers['stripe-signature'], secret) }),
    }
  }

export const stripeSignature =
  (Stripe) =>
  ({ secret, body }) => {
    const { signature } = new Stripe('sk_test_bench').webhooks
    return {
      name: 'stripe, signature alone',
      judge: (headers) => ({ run: () => signature.verifyHeader(body, headers['stripe-signature'], secret) }),
    }
  }

/** Returns whether the signature is right. It takes text alone: the bytes that came have to be decoded. */
export const octokit =
  ({ verify }) =>
  ({ secret, body }) => ({
    name: '@octokit/webhooks-methods',
    judge(headers) {
      const signature = `sha256=${headers['x-webhook-signature'] ?? headers['x-signature']}`
      return { run: () => verify(secret, body.toString(), signature) }
    },
  })

const TERN = {
  'standard-webhooks': { platform: 'dodopayments' },
  stripe: { platform: 'stripe' },
  'hex-hmac': ternByHeader('x-webhook-signature'),
  'signature-alone': ternByHeader('x-signature'),
}

/** tern takes Fetch requests, which can be read once: they are made before the clock starts. */
export const tern =
  ({ WebhookVerificationService }) =>
  ({ row, secret, body }) => {
    const config = { ...TERN[row], secret }
    return {
      name: '@hookflo/tern',
      judge(headers) {
        let requests = []
        return {
          prepare(calls) {
            const made = () =>
              new Request('https://receiver.example/hooks', { method: 'POST', headers, body })
            requests = Array.from({ length: calls }, made)
          },
          run: async () => (await WebhookVerificationService.verify(requests.pop(), config)).isValid,
        }
      },
    }
  }

/** Both take headers as an object alone. */
function reader(headers) {
  return headers instanceof Headers ? () => Object.fromEntries(headers) : () => headers
}

function ternByHeader(headerName) {
  return {
    platform: 'custom',
    signatureConfig: { algorithm: 'hmac-sha256', headerName, headerFormat: 'raw', payloadFormat: 'raw' },
  }
}
