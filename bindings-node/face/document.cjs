'use strict'

const HEADERS = {
  accept: 'application/json',
  // The limit counts what is read, and what is read is then what was sent.
  'accept-encoding': 'identity',
  'user-agent': 'hookproof',
}

/** Fetches a document: no redirects, an end to the time and to the body, of which one byte over the limit is kept. */
async function fetchDocument({ url, timeoutMs, maxBody }) {
  const signal = AbortSignal.timeout(Math.ceil(timeoutMs))
  const response = await fetch(url, { redirect: 'manual', credentials: 'omit', headers: HEADERS, signal })
  return {
    status: response.status,
    cacheControl: response.headers.get('cache-control') ?? undefined,
    age: response.headers.get('age') ?? undefined,
    body: await bodyOf(response, maxBody),
  }
}

/** Reads what is needed: nothing of an answer that is no good, and no more than shows that there is too much. */
async function bodyOf(response, maxBody) {
  const reader = response.body?.getReader()
  if (reader === undefined) return Buffer.alloc(0)
  const chunks = []
  let length = 0
  while (response.status === 200 && length <= maxBody) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks)
    chunks.push(value)
    length += value.byteLength
  }
  await reader.cancel()
  return Buffer.concat(chunks).subarray(0, maxBody + 1)
}

/** Says in a few words why there is no answer. */
function reasonOf(error, timeoutMs) {
  if (error?.name === 'TimeoutError') return `no whole answer came within ${timeoutMs / 1000} seconds`
  // What fetch throws says that it failed; its cause says why.
  const cause = error?.cause ?? error
  return `${cause?.name ?? 'Error'}: ${cause?.message || cause?.code || 'fetch failed'}`.slice(0, 200)
}

module.exports = { fetchDocument, reasonOf }
