/**
 * Two roles of a server: the owner has the tables and can't log in; the service stores and reads, and can neither change
 * what is stored nor switch off what guards it. See docs/database-roles.md.
 */
import { Fault } from '../event/fault.ts'
import { type Em, MIGRATIONS_TABLE } from './orm.ts'
import { runSql } from './sql.ts'
import { OWN_TABLES } from './table-names.ts'

export interface Roles {
  readonly owner: string
  readonly service: string
}

/** Throws Fault `invalid_options` when one of them could undo what the other must not. */
export async function checkRoles(em: Em, { owner, service }: Roles): Promise<void> {
  const { rows } = await runSql<{ name: string; canLogIn: boolean; isMighty: boolean; isOwner: boolean }>(
    em,
    `select rolname as name, rolcanlogin as "canLogIn", rolsuper or rolreplication or rolcreaterole as "isMighty",
       pg_has_role(oid, $1, 'member') as "isOwner" from pg_roles where rolname in ($1, $2)
       and exists (select from pg_roles where rolname = $1)`,
    [owner, service],
  )
  const [own, serving] = [owner, service].map((role) => rows.find(({ name }) => name === role))
  const problems = [
    ...(own && serving ? [] : [`The roles ${owner} and ${service} must both be there.`]),
    ...(own?.canLogIn ? [`${owner} can log in: alter role "${owner}" nologin.`] : []),
    ...(serving?.isMighty ? [`${service} must not be a superuser, make roles or replicate.`] : []),
    ...(serving?.isOwner ? [`${service} must not be a member of ${owner}.`] : []),
  ]
  if (problems.length > 0) throw new Fault('invalid_options', problems.join(' '))
}

/** What a role that both are given to has made before: from now on it is the owner's. */
export async function giveToOwner(em: Em, owner: string): Promise<void> {
  await em.transactional(async (tx) => {
    await runSql(tx, `select set_config('daybook.owner', $1, true)`, [owner])
    await runSql(
      tx,
      `do $$ declare it record; owner text := current_setting('daybook.owner'); begin
        execute format('grant usage, create on schema %I to %I', current_schema(), owner);
        for it in
          select oid::regclass as name from pg_class c
          where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and pg_get_userbyid(relowner) <> owner
            and (relname in (${OWN_TABLES.map((name) => `'${name}'`).join(', ')}) or starts_with(relname::text, 'daybook_')
              or relname ~ '^(event|error)_logs_p[0-9]{8}$' or obj_description(oid, 'pg_class') like 'Daybook: %')
        loop execute format('alter table %s owner to %I', it.name, owner); end loop;
        for it in
          select oid::regprocedure as name from pg_proc
          where pronamespace = current_schema()::regnamespace and starts_with(proname::text, 'daybook_') and pg_get_userbyid(proowner) <> owner
        loop execute format('alter function %s owner to %I', it.name, owner); end loop;
      end $$`,
    )
  })
}

/** As the owner: all that the service needs of what the owner has in this schema, also of what came with this release. */
export async function grantToService(em: Em, { service }: Roles): Promise<void> {
  await em.transactional(async (tx) => {
    await runSql(tx, `select set_config('daybook.service', $1, true)`, [service])
    await runSql(
      tx,
      `do $$ declare it record; service text := current_setting('daybook.service'); begin
        execute format('grant usage on schema %I to %I', current_schema(), service);
        for it in
          select oid::regclass as name, case
            when relname in ('event_logs', 'error_logs') then 'select, insert'
            when relname in ('${MIGRATIONS_TABLE}', 'daybook_deleted_sessions') then 'select'
            else 'select, insert, update, delete' end as rights
          from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
            and not relispartition and pg_get_userbyid(relowner) = current_user
        loop execute format('grant %s on %s to %I', it.rights, it.name, service); end loop;
        for it in
          select oid::regprocedure as name from pg_proc
          where pronamespace = current_schema()::regnamespace and prosecdef and pg_get_userbyid(proowner) = current_user
        loop
          execute format('revoke execute on function %s from public', it.name);
          execute format('grant execute on function %s to %I', it.name, service);
        end loop;
      end $$`,
    )
  })
}
