import { expect, test } from '@jest/globals'
import { openRenewed } from '../../src/store/renewed.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createEmbeddedFolder } from '../kit/database.ts'

async function open() {
  const pglite = await openRenewed(await createEmbeddedFolder())
  onTestEnd(() => pglite.close())
  await pglite.query('create table texts (text text)')
  return pglite
}

test('an embedded database in which 3,500 statements have failed works as before', async () => {
  const pglite = await open()
  for (let n = 0; n < 3_500; n++)
    await expect(pglite.query('select $1::float8', ['long'])).rejects.toMatchObject({ code: '22P02' })
  await pglite.transaction((tx) => tx.query('insert into texts values ($1)', ['kept']))
  expect((await pglite.query('select text from texts')).rows).toEqual([{ text: 'kept' }])
})

test('transactions that fail and such that do not, side by side, are each whole or not there', async () => {
  const pglite = await open()
  const insert = (n: number): Promise<unknown> =>
    pglite.transaction(async (tx) => {
      await tx.query('insert into texts values ($1)', [n % 3 === 0 ? `bad ${n}` : `good ${n}`])
      if (n % 3 === 0) await tx.query('select $1::float8', ['long'])
    })
  const done = await Promise.allSettled(Array.from({ length: 1_800 }, (_, n) => insert(n)))
  expect(done.filter(({ status }) => status === 'rejected')).toHaveLength(600)
  const { rows } = await pglite.query<{ text: string }>('select text from texts')
  expect(rows).toHaveLength(1_200)
  expect(rows.filter(({ text }) => text.startsWith('bad'))).toEqual([])
})
