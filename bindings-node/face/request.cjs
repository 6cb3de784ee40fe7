'use strict'

// What is said of a request: to a verifier, and to the function that chooses one.

const { forEachLine } = require('./headers.cjs')
const { part } = require('./options.cjs')
const { configuredUrl } = require('./verifier.cjs')

/** Stands before the path of a request in the place of scheme and host, which are not taken from the request. */
const ORIGIN = 'http://localhost'
/** What stands before the path in a target of the absolute form (RFC 9112, section 3.2.2). */
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i

const urlIsSafe = new WeakMap()

/** Returns the parts to verify with. An adapter gives `target`, path and query; a caller of `receive` gives `url`. */
function partsFor(verifier, request) {
  const { now, method, url, target } = partsIn(request)
  if (target === undefined) return { now, method, url }
  return { now: undefined, method, url: mayTakeUrl(verifier) ? urlOf(target) : undefined }
}

/** Returns the parts to look for a handshake with that is no POST: such a one stands in the query. */
function greetingParts(request) {
  const { method, url, target } = partsIn(request)
  return { method, url: target === undefined ? url : urlOf(target) }
}

/** Describes a request to the function that chooses a verifier for it. */
function describe(headers, request) {
  const { method, url, target } = partsIn(request)
  const address = target === undefined ? (url ?? null) : urlOf(target)
  const path = address !== null && URL.canParse(address) ? new URL(address).pathname : null
  return Object.freeze({ headers: standardHeaders(headers), method: method ?? null, url: address, path })
}

function partsIn(request) {
  const parts = ['now', 'method', 'url', 'target'].map((name) => [name, part(request, name)])
  return Object.fromEntries(parts)
}

/**
 * Makes a URL of a request's target. One in absolute form has a scheme and a host of the sender's own: with them before
 * the path, the function that chooses would see another path than the one that the framework has routed.
 */
function urlOf(target) {
  return ORIGIN + target.replace(ABSOLUTE, '').replace(/^(?!\/)/, '/')
}

/** Tells whether a URL that is signed was configured: where not, verification says so, and no made-up URL is tried. */
function mayTakeUrl(verifier) {
  let isSafe = urlIsSafe.get(verifier)
  if (isSafe === undefined) {
    const { covers, signed_content: templates } = verifier.provider.describe()
    const isSigned = covers.includes('url') || templates.some((template) => template.includes('{url'))
    isSafe = !isSigned || configuredUrl(verifier) !== undefined
    urlIsSafe.set(verifier, isSafe)
  }
  return isSafe
}

function standardHeaders(headers) {
  const standard = new Headers()
  forEachLine(headers, (name, value) => {
    for (const line of [value].flat()) {
      try {
        if (typeof line === 'string') standard.append(name, line)
      } catch {
        // What is no header of HTTP is not there for the choice either; nothing is lost but a lookup.
      }
    }
  })
  return standard
}

module.exports = { describe, greetingParts, partsFor }
