/** Daybook's own reference tables. They are known by their comment, which a dump keeps: any other of that name is the host's. */
import type { Em } from './orm.ts'
import { runSql } from './sql.ts'

const shared = (own: string, words: string) => ({ own, comment: `Daybook: ${words} that events refer to` })

const TABLES: Readonly<Record<string, { readonly own: string; readonly comment: string }>> = {
  chat_sessions: shared('title text null, user_id text null, project_id text null', 'sessions'),
  users: shared('name text null', 'users'),
  user_projects: shared('name text null, user_id text null', 'projects'),
  user_agents: shared('name text null, user_id text null, project_id text null', 'agents'),
  runs: shared('name text null, project_id text null', 'runs'),
}

/** Makes it where there is no table of that name. */
export async function findOwnTable(em: Em, table: string): Promise<'own' | 'of another'> {
  const { rows } = await runSql<{ isOwn: boolean }>(
    em,
    `select coalesce(obj_description(to_regclass($1), 'pg_class') like 'Daybook: %', false) as "isOwn"
     where to_regclass($1) is not null`,
    [table],
  )
  if (rows[0]) return rows[0].isOwn ? 'own' : 'of another'
  await em.transactional((tx) => makeTable(tx, table))
  return 'own'
}

async function makeTable(em: Em, table: string): Promise<void> {
  const { own, comment } = TABLES[table] ?? { own: '', comment: '' }
  await runSql(
    em,
    `create table ${table} (
      tenant_id text not null default 'default', id text not null,
      is_stub boolean not null default false, created_at timestamptz not null default now(),
      ${own}, primary key (tenant_id, id)
    )`,
  )
  await runSql(em, `comment on table ${table} is '${comment}'`)
  if (table === 'chat_sessions') await buryDeleted(em, table, 'tenant_id', 'id')
}

/** Whoever is deleted there leaves a tombstone. */
export const buryDeleted = (em: Em, table: string, tenant: string, key: string): Promise<unknown> =>
  runSql(
    em,
    `create or replace trigger daybook_bury_sessions after delete on ${table} referencing old table as gone
     for each statement execute function daybook_bury_sessions('${tenant}', '${key.replaceAll("'", "''")}')`,
  )
