export * from './redis.cjs'
