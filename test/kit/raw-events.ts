/** Rows put in by a transaction of our own, as a host's or another process's would be. */
import pg from 'pg'
import { toEventId } from '../../src/event/id.ts'
import { createClock, toIso } from '../../src/event/time.ts'
import { onTestEnd } from './clean-up.ts'

const clock = createClock()

/** SQL and values that insert events of some type, with ids of their own. */
export function toInsert(types: readonly string[], user_id = 'alice'): [sql: string, values: unknown[]] {
  const rows = types.map((event_type) => {
    const micros = clock()
    return { id: toEventId(micros), created_at: toIso(micros), event_type, user_id }
  })
  return [
    `insert into event_logs (id, created_at, event_type, category, status, severity, actor_type, tenant_id, user_id)
     select id, created_at, event_type, 'workflow', 'success', 'info', 'user', 'default', user_id
     from json_to_recordset($1) as t(id uuid, created_at timestamptz, event_type text, user_id text)`,
    [JSON.stringify(rows)],
  ]
}

/** A connection that is closed with the test. */
export async function openConnection(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestEnd(() => client.end())
  return client
}
