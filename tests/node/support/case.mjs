// A case of the vectors or of the conformance harness: how a verifier is configured and what request it gets.
import { Provider, Verifier } from 'hookproof'

/** Builds the case's verifier and lets it judge the case's request. */
export function judge(task) {
  const verifier = verifierOf(task)
  const { method, url, now, headers } = task
  const documents = (task.options?.jwks_sequence ?? []).slice(1)
  for (;;) {
    try {
      return verifier.verify(bodyOf(task), headers, { now, method, url })
    } catch (error) {
      if (error.code !== 'unknown_key' || documents.length === 0) throw error
      verifier.updateKeys(documents.shift())
    }
  }
}

export function verifierOf(task) {
  const options = task.options ?? {}
  const verifier = new Verifier(providerOf(task.provider), {
    secret: task.secret,
    keyLabels: options.key_labels,
    toleranceSeconds: options.tolerance,
    issuer: options.issuer,
    audience: options.audience,
    algorithms: options.algorithms,
    requiredClaims: options.required_claims,
    claims: options.claims,
    jwks: options.jwks_raw ?? options.jwks,
    // What a fetch would answer is part of the case, and no network's business.
    fetchKeys: false,
    acceptReserialized: options.accept_reserialized,
    endpoint: options.endpoint,
    maxBody: options.max_body,
    url: options.url,
    verifyToken: options.verify_token,
  })
  const [first] = options.jwks_sequence ?? []
  if (first) verifier.updateKeys(first)
  return verifier
}

export function providerOf(provider) {
  return typeof provider === 'string' ? provider : Provider.fromObject(provider)
}

/** Returns the body of a case: written in base64, as a text that is repeated, or parsed by something before. */
export function bodyOf({ body_base64: base64, body_repeat: repeat, body_parsed: parsed }) {
  if (parsed !== undefined) return parsed
  if (repeat) return Buffer.from(repeat.prefix + repeat.text.repeat(repeat.times) + repeat.suffix)
  return Buffer.from(base64 ?? '', 'base64')
}

/** Returns the verdict for an error of verify; undefined for what no request may cause. */
export function verdictOf(error) {
  const verdicts = {
    ConfigurationError: 'reject',
    VerificationError: 'reject',
    PayloadError: 'payload',
    KeysUnavailableError: 'unavailable',
  }
  return verdicts[error?.name]
}
