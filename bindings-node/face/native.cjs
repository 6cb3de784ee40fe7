'use strict'

// Loads the native module that was built for this machine.

const { closeSync, existsSync, openSync, readdirSync, readSync } = require('node:fs')
const { join } = require('node:path')
const { internalError } = require('./errors.cjs')

const FOLDER = join(__dirname, '..')

module.exports = guarded(load())

function load() {
  const target = targetOf(process.platform, process.arch)
  const file = join(FOLDER, `hookproof.${target}.node`)
  if (!existsSync(file)) throw new Error(absent(target))
  try {
    return require(file)
  } catch (error) {
    throw new Error(`the native module of hookproof for ${target} does not load: ${error.message}`, {
      cause: error,
    })
  }
}

/**
 * Makes a panic in native code, which napi throws as an error of its own, an error of this package like any other.
 *
 * No panic is known to be reachable. The functions that `bind` returns see to theirs in native code: a request should
 * not pay for this.
 */
function guarded(module) {
  for (const [name, value] of Object.entries(module)) {
    if (value.prototype !== undefined) guardMethods(value.prototype)
    module[name] = new Proxy(value, {
      apply: (target, self, values) => attempt(() => Reflect.apply(target, self, values)),
      construct: (target, values) => attempt(() => Reflect.construct(target, values)),
    })
  }
  return module
}

function guardMethods(prototype) {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const method = property.value
    if (name === 'constructor' || typeof method !== 'function') continue
    const value = function (...values) {
      return attempt(() => Reflect.apply(method, this, values))
    }
    Object.defineProperty(prototype, name, { ...property, value })
  }
}

function attempt(work) {
  try {
    return work()
  } catch (error) {
    throw error.code === 'GenericFailure' ? internalError() : error
  }
}

function targetOf(platform, arch) {
  if (platform === 'linux') return `linux-${arch}-${hasGlibc() ? 'gnu' : 'musl'}`
  if (platform === 'win32') return `win32-${arch}-msvc`
  return `${platform}-${arch}`
}

/** Tells which C library this program runs with: by the loader that its file names, else by a report on the process. */
function hasGlibc() {
  const loader = /\/ld-(musl|linux)-/.exec(headOf(process.execPath))
  return loader ? loader[1] === 'linux' : hasGlibcByReport()
}

/** Reads the first bytes of a file, where linkers put the loader's name: a report takes a hundred times as long. */
function headOf(path) {
  const head = Buffer.alloc(4096)
  try {
    const file = openSync(path, 'r')
    try {
      return head.toString('latin1', 0, readSync(file, head))
    } finally {
      closeSync(file)
    }
  } catch {
    // Not to be read or no file at all: the report says the same.
    return ''
  }
}

function hasGlibcByReport() {
  const { report } = process
  if (report === undefined) return true
  // Without its network part the report is a matter of a millisecond; with it, it may look up host names.
  const { excludeNetwork } = report
  report.excludeNetwork = true
  try {
    return report.getReport().header.glibcVersionRuntime !== undefined
  } finally {
    report.excludeNetwork = excludeNetwork
  }
}

function absent(target) {
  const built = readdirSync(FOLDER).flatMap((name) => /^hookproof\.(.+)\.node$/.exec(name)?.[1] ?? [])
  const known = built.length === 0 ? 'none' : built.join(', ')
  return `hookproof has no native module for this platform, ${target}; this package has: ${known}`
}
