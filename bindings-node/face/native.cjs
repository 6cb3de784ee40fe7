'use strict'

// Loads the native module that was built for this machine.

const { existsSync, readdirSync } = require('node:fs')
const { join } = require('node:path')

const FOLDER = join(__dirname, '..')

module.exports = load()

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

function targetOf(platform, arch) {
  if (platform === 'linux') return `linux-${arch}-${hasGlibc() ? 'gnu' : 'musl'}`
  if (platform === 'win32') return `win32-${arch}-msvc`
  return `${platform}-${arch}`
}

function hasGlibc() {
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
