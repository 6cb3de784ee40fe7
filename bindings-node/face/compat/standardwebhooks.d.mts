export * from './standardwebhooks.cjs'
