export * from './stripe.cjs'
