import { expect, test } from '@jest/globals'
import pg from 'pg'
import { copyRows, type RowShape } from '../../src/store/rows.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestDatabase } from '../kit/database.ts'

const shape: RowShape = {
  table: 'texts',
  columns: ['text'],
  copySql: 'copy texts (text) from stdin',
  blobSql: '',
  insertSql: '',
  countSql: '',
  toCopyLine: (row) => `${Object.values(row).join('\t')}\n`,
}

/** Rows of which 200 are less than a socket takes at once, and all of them far more. */
const toRows = (first: string): object[] => [
  { text: first },
  ...Array.from({ length: 40_000 }, (_, n) => ({ text: `${n} ${'x'.repeat(240)}` })),
]

test('a row that is refused while others are on their way ends the copy, and the connection is good for the next', async () => {
  const client = new pg.Client({ connectionString: (await createTestDatabase()).url })
  await client.connect()
  onTestEnd(() => client.end())
  await client.query('create table texts (text text)')
  // By the time of the refusal the socket is full.
  await client.query(`create function refuse() returns trigger language plpgsql as $$ begin
    if new.text = 'refused' then perform pg_sleep(0.5); raise exception 'not that one'; end if; return new; end $$`)
  await client.query('create trigger refuse before insert on texts for each row execute function refuse()')

  await expect(copyRows(client, shape, toRows('refused'))).rejects.toThrow('not that one')
  await copyRows(client, shape, toRows('taken'))
  const { rows } = await client.query('select count(*)::int as stored from texts')
  expect(rows).toEqual([{ stored: 40_001 }])
})
