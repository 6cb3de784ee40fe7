export * from './svix.cjs'
