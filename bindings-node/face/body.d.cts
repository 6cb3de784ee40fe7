/** The raw body: a Buffer, another view of bytes, an ArrayBuffer, or a string, which stands for its UTF-8 bytes. */
export type Body = string | ArrayBufferView | ArrayBuffer | SharedArrayBuffer

/** What `JSON.parse` made of a body. The bytes that were signed are gone then; see `acceptReserialized`. */
export type ParsedBody = readonly unknown[] | { readonly [member: string]: unknown }
