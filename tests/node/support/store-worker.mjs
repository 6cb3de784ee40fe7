// A process that uses a store as it is told, until it is killed.
import { setTimeout as sleep } from 'node:timers/promises'

import { KINDS } from './stores.mjs'

const [, , name, url] = process.argv
const { store } = await KINDS[name].open(url)

process.on('message', async ({ keys, seconds, at }) => {
  // All start at once: none is to be the first because it was made first.
  await sleep(at - Date.now())
  const won = []
  for (const key of keys) if ((await store.claim(key, seconds)).state === 'new') won.push(key)
  process.send(won)
})
process.send('ready')
