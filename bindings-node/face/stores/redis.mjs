import store from './redis.cjs'

export const { RedisStore } = store
