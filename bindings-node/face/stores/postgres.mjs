import store from './postgres.cjs'

export const { PostgresStore } = store
