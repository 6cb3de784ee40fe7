/**
 * Headers in any shape that Node has for them: `IncomingHttpHeaders`, another object of names and values, Fetch
 * `Headers`, a `Map`, pairs, or the flat list of `rawHeaders`.
 *
 * Names are compared without regard to ASCII case. An array of values stands for several lines. A shape that merges or
 * drops duplicates hides an attack, so hand over `request.rawHeaders` where you have it.
 */
export type HeadersInput =
  | { readonly [name: string]: string | readonly string[] | undefined }
  | Iterable<readonly [name: string, value: string | readonly string[]]>
  | readonly string[]
