// The libraries that are measured: the peers where they are installed, hookproof out of the repository.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

export class Libraries {
  #folder
  #root
  #require

  constructor({ peers, root, before }) {
    this.#folder = resolve(peers)
    this.#root = resolve(root)
    this.#require = createRequire(join(this.#folder, 'package.json'))
    this.hookproof = hookproofOf(this.#root)
    this.before = before === undefined ? undefined : hookproofOf(resolve(before))
  }

  /** Loads a peer; the file is named where a package offers nothing to `require`. */
  peer(name, file) {
    return this.#require(file === undefined ? name : join(this.#folder, 'node_modules', name, file))
  }

  versions() {
    const { dependencies } = readJson(join(this.#folder, 'package.json'))
    const found = {
      node: process.versions.node,
      openssl: process.versions.openssl,
      hookproof: readJson(join(this.#root, 'package.json')).version,
    }
    for (const name of Object.keys(dependencies)) {
      found[name] = readJson(join(this.#folder, 'node_modules', name, 'package.json')).version
    }
    return found
  }
}

/** A package finds itself by its own name. */
function hookproofOf(root) {
  return createRequire(join(root, 'package.json'))('hookproof')
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}
