/** Whether one who asks or sends too much keeps others from the log. */
import { expect, test } from '@jest/globals'
import { createTurns, type TurnRules } from '../../src/api/turns.ts'
import { TURNS } from '../../src/config/defaults.ts'
import type { Viewer } from '../../src/event/viewer.ts'
import { createHouse, OPTIONS } from '../api/ask.ts'
import { listen } from '../api/listen.ts'
import { ADMIN_KEY, ALICE_KEY, createMemoryParts } from '../api/parts.ts'
import { waitUntil } from '../kit/wait-until.ts'

const ADMIN: Viewer = { role: 'admin', tenant_id: 'default' }

/** A store whose pages take as long as the test says, and how many are asked of it at a time. */
async function openSlow(turns: TurnRules = TURNS) {
  const parts = createMemoryParts()
  const { find } = parts.events
  const held: (() => void)[] = []
  Object.assign(parts.events, {
    find: async (...asked: Parameters<typeof find>) => {
      if (asked[0].role === 'admin') await new Promise<void>((resolve) => void held.push(resolve))
      return find(...asked)
    },
  })
  const { url } = await listen(createHouse({ parts, turns }))
  const ask = (key: string, signal?: AbortSignal) =>
    fetch(`${url}/events`, { headers: { 'x-api-key': key }, ...(signal && { signal }) })
  return { ask, held }
}

const ASKED = TURNS.atOnce + TURNS.waiting

test('the costliest questions of one key leave the store to those of others, and too many are refused', async () => {
  const { ask, held } = await openSlow()
  const statuses: number[] = []
  // One too many: whichever comes last.
  for (let n = 0; n <= ASKED; n++) void ask(ADMIN_KEY).then(({ status }) => statuses.push(status))
  await waitUntil(() => statuses.length > 0, { what: 'the question too many' })
  // Nobody has answered the others yet.
  expect([statuses, held.length]).toEqual([[429], TURNS.atOnce])
  expect((await ask(ALICE_KEY)).status).toBe(200)
  const refused = await ask(ADMIN_KEY)
  expect(await refused.json()).toMatchObject({
    status: 429,
    code: 'too_many',
    detail: expect.stringContaining('waiting'),
  })
  await waitUntil(
    () => {
      for (const release of held.splice(0, TURNS.atOnce)) release()
      return statuses.length > ASKED
    },
    { what: 'all answers' },
  )
  expect(statuses).toEqual([429, ...Array(ASKED).fill(200)])
})

test('who leaves gives up a turn, and does not come to the store later', async () => {
  const takeTurn = createTurns({ atOnce: 1, waiting: 1 })
  const [stays, leaves] = [new AbortController(), new AbortController()]
  const asked: string[] = []
  const take = (name: string, { signal } = stays, until?: Promise<void>) =>
    takeTurn(ADMIN, signal, async () => {
      asked.push(name)
      await until
    })
  let release = (): void => undefined
  const first = take('first', stays, new Promise((resolve) => (release = resolve)))
  const gone = take('gone', leaves)
  await expect(take('too many')).rejects.toMatchObject({ code: 'too_many' })
  leaves.abort()
  await expect(gone).rejects.toThrow(/aborted/)
  const last = take('last')
  release()
  await Promise.all([first, last])
  await take('after them')
  expect(asked).toEqual(['first', 'last', 'after them'])
})

test('the control: without turns every question of one key is with the store at once', async () => {
  const { ask, held } = await openSlow({ atOnce: 1_000, waiting: 0 })
  const answers = Array.from({ length: ASKED }, () => ask(ADMIN_KEY))
  await waitUntil(() => held.length === ASKED, { what: 'all questions' })
  for (const release of held) release()
  await Promise.all(answers)
})

test('a key may have so many exports open, each reads a page at a time, and another key goes on', async () => {
  const parts = createMemoryParts()
  const { newestFirst } = parts.pages
  let reading = 0
  let most = 0
  Object.assign(parts.pages, {
    newestFirst: async (...asked: Parameters<typeof newestFirst>) => {
      most = Math.max(most, ++reading)
      await new Promise((resolve) => setImmediate(resolve))
      reading--
      return newestFirst(...asked)
    },
  })
  const house = createHouse({ parts, live: { ...OPTIONS.live, maxPerKey: 3, maxGuests: 10, exportRows: 1 } })
  const { url } = await listen(house)
  for (let at = 0; at < 300; at++)
    house.log({ event_type: 'PUSH', action_description: 'x'.repeat(100_000), user_id: 'bob' })
  const leaving = new AbortController()
  const open = (key: string) => fetch(`${url}/events/export`, { headers: { 'x-api-key': key }, signal: leaving.signal })
  // Clients that take their time: of what is not read no more is asked for.
  const answers = await Promise.all(Array.from({ length: 20 }, () => open(ADMIN_KEY)))
  const statuses = answers.map(({ status }) => status).sort()
  expect(statuses).toEqual([...Array(3).fill(200), ...Array(17).fill(429)])
  expect(most).toBeLessThanOrEqual(3)
  expect((await open(ALICE_KEY)).status).toBe(200)
  leaving.abort()
  await waitUntil(async () => (await house.get('/events/export')).status === 200, { what: 'room for another export' })
})
