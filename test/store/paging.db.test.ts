/** Pages while rows come in: what was there is seen once each way, whatever comes between. */
import { expect, test } from '@jest/globals'
import type { Response } from 'supertest'
import type { Draft } from '../../src/event/event.ts'
import { createRandom } from '../campaign/random.ts'
import { forEachDatabase } from '../kit/database.ts'
import { type AskStore, openAskStore } from './ask-store.ts'

const START = Date.now() - 3_600_000

/** Few times for many rows, so that the id decides between rows of one moment. */
const draft = (second: number): Draft => ({
  event_type: 'COMMIT',
  created_at: new Date(START + second * 1_000).toISOString(),
})

interface Walk {
  readonly order: string
  /** The link to follow from page to page. */
  readonly link: 'next_cursor' | 'previous_cursor'
  readonly from: string
}

forEachDatabase((_label, open) => {
  test('each row is on one page forward and on one page back, in both orders', async () => {
    const house = await openAskStore(await open())
    const random = createRandom(7)
    const before = await house.store(...Array.from({ length: 60 }, () => draft(random.between(0, 11))))
    for (const order of ['desc', 'asc']) {
      const forward = await walk(house, { order, link: 'next_cursor', from: '' }, () => random.between(0, 11))
      const back = await walk(house, { order, link: 'previous_cursor', from: forward.last }, () =>
        random.between(0, 11),
      )
      for (const { ids } of [forward, back]) expect(new Set(ids).size).toBe(ids.length)
      const seen = [...back.ids, ...forward.lastIds]
      expect(forward.ids).toEqual(expect.arrayContaining(before.map(({ id }) => id)))
      expect(seen).toEqual(expect.arrayContaining(before.map(({ id }) => id)))
    }
  })
})

async function walk({ get, store }: AskStore, { order, link, from }: Walk, toSecond: () => number) {
  const ids: string[] = []
  let cursor: string | null = from
  let body: Response['body']
  for (let page = 0; cursor !== null; page++) {
    body = (await get(`/events?limit=${3 + (page % 7)}&order=${order}${cursor && `&cursor=${cursor}`}`).expect(200))
      .body
    const found: string[] = body.events.map(({ id }: { id: string }) => id)
    const times = body.events.map(({ created_at }: { created_at: string }) => created_at)
    expect(times).toEqual(order === 'asc' ? times.toSorted() : times.toSorted().reverse())
    ids.push(...found)
    cursor = body[link]
    await store(draft(toSecond()), draft(toSecond()))
  }
  return { ids, last: String(body.previous_cursor), lastIds: body.events.map(({ id }: { id: string }) => id) }
}
