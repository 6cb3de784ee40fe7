import adapter from './express.cjs'

export const { webhook } = adapter
