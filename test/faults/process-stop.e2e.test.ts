import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { storedTags, untilStored } from './kit/oracle.ts'
import { startApp } from './kit/start-app.ts'
import { toTags } from './kit/tags.ts'

test('an app that is frozen for a while keeps its lease, its thread is not taken for hung, and nothing is doubled', async () => {
  const place = { dir: createTestFolder(), database: (await createTestDatabase()).url }
  const first = await startApp(place)
  await first.tell('log', { tag: 'before', count: 50 })
  await untilStored(place.database, toTags('before', 50))
  const second = await startApp(place)
  await waitUntil(async () => (await second.tell('stats')).drain.state === 'standby', {
    what: 'the second to stand by',
  })

  first.child.signal('SIGSTOP')
  await second.tell('log', { tag: 'meanwhile', count: 50 })
  // Longer than the second takes to look at the lease again.
  await sleep(4_000)
  expect((await second.tell('stats')).drain.state).toBe('standby')
  expect(await storedTags(place.database)).toHaveLength(50)

  first.child.signal('SIGCONT')
  await first.tell('log', { tag: 'after', count: 50 })
  const stored = await untilStored(place.database, Array(150))
  expect(new Set(stored)).toEqual(new Set(['before', 'meanwhile', 'after'].flatMap((tag) => toTags(tag, 50))))
  expect(stored).toHaveLength(150)
  expect(first.child.stderr()).toBe('')
  // Had it been killed instead, the other would have taken over: the look at the lease bites.
  await first.child.kill('SIGKILL')
  await waitUntil(async () => (await second.tell('stats')).drain.state === 'idle', { what: 'the second to take over' })
})

test('while the app blocks its event loop the drain goes on', async () => {
  const place = { dir: createTestFolder(), database: (await createTestDatabase()).url }
  const { child, tell } = await startApp(place)
  await tell('log', { tag: 'first', count: 1 })
  await untilStored(place.database, ['first-0'])
  await tell('log', { tag: 'many', count: 3_000 })
  const end = await tell('block', { ms: 30_000 })
  const stored = await untilStored(place.database, Array(3_001))
  expect(stored).toEqual(['first-0', ...toTags('many', 3_000)])
  // It is blocked all the while, so the rows were stored without it.
  expect(Date.now()).toBeLessThan(end)
  await child.kill('SIGKILL')
})
