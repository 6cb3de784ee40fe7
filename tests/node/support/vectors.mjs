// The vectors that all three languages read.
import { readdirSync, readFileSync } from 'node:fs'

const FOLDER = new URL('../../vectors/', import.meta.url)

export function vectors(name) {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
}

/** Lists the cases of all files of a folder; none at all would make a test pass for nothing. */
export function casesOf(folder) {
  const files = readdirSync(new URL(`${folder}/`, FOLDER)).filter((name) => name.endsWith('.json'))
  const cases = files.flatMap((name) => vectors(`${folder}/${name}`).cases)
  if (cases.length === 0) throw new Error(`no vectors in ${folder}`)
  return cases
}
