import adapter from './http.cjs'

export const { webhook } = adapter
