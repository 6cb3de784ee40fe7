// Compares the core with Node's own JSON.parse and JSON.stringify on a folder of texts, such as a corpus of the fuzzer:
// node core/fuzz/compare_with_node.mjs core/fuzz/corpus/ecmascript
//
// What Node writes is signed; the text as it was must then verify with `acceptReserialized`, over exactly these bytes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Signer, Verifier } from 'hookproof'

// As deep as the core reads; Node has no such limit.
const DEEPEST = 128
const signer = new Signer('fourvenues', { secret: 'secret' })
const verifier = new Verifier('fourvenues', { secret: 'secret', acceptReserialized: true })
const counts = { same: 0, refused: 0, different: 0 }

for (const folder of process.argv.slice(2)) {
  for (const name of readdirSync(folder)) {
    const outcome = compare(readFileSync(join(folder, name)))
    counts[outcome] += 1
    if (outcome === 'different') console.error(`different: ${join(folder, name)}`)
  }
}
console.log(JSON.stringify(counts))
process.exitCode = counts.different === 0 && counts.same > 0 ? 0 : 1

function compare(body) {
  let written
  try {
    // The first byte would be taken for a mark of the byte order, which is not JSON.
    written = JSON.stringify(parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)))
  } catch {
    return 'refused'
  }
  try {
    const event = verifier.verify(body, signer.sign(written).headers)
    return Buffer.from(event.body).equals(Buffer.from(written)) ? 'same' : 'different'
  } catch (error) {
    // An envelope has to be an object, which is judged after the signature was found to be right.
    return error.code === 'malformed_body' ? 'same' : 'different'
  }
}

function parse(text) {
  const value = JSON.parse(text)
  if (depth(value) > DEEPEST) throw new RangeError('nested deeper than the core reads')
  return value
}

function depth(value) {
  if (value === null || typeof value !== 'object') return 0
  return 1 + Object.values(value).reduce((deepest, member) => Math.max(deepest, depth(member)), 0)
}
