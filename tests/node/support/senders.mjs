// What a sender makes: a signed request of Fourvenues, the plainest of all schemes.
import { Signer } from 'hookproof'

export const SECRET = 'test-sign-secret-7c1f'
export const TEXT = '{"id":"5f7b","event":"payment.success","payload":{"payment_id":"p1"}}'
export const SIGNATURE_HEADER = 'X-Webhook-Signature'

export function sign(body = TEXT, secret = SECRET) {
  const signed = new Signer('fourvenues', { secret }).sign(body)
  return {
    body: Buffer.from(signed.body),
    headers: signed.headers,
    signature: signed.headers[SIGNATURE_HEADER],
  }
}
