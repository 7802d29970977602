/** What signs viewer tokens. It must be readable; who can read it here can read the rows themselves too. */
import { randomBytes } from 'node:crypto'
import type { TokenSecrets } from '../event/ports/access.ts'
import { orFault } from './faults.ts'
import type { Orm } from './orm.ts'
import { runSql } from './sql.ts'

interface Row {
  readonly secret: string
}

export function createTokenSecrets(orm: Orm): TokenSecrets {
  const ask = async (sql: string, ...values: readonly string[]): Promise<string | undefined> =>
    (await orFault(() => runSql<Row>(orm.em.fork(), sql, values))).rows[0]?.secret
  // Two processes may make the first one at once: both go on with the one that is kept.
  const insert = (onConflict: string): string =>
    `insert into token_secrets (tenant_id, secret, created_at) values ($1, $2, now())
     on conflict (tenant_id) do update set ${onConflict} returning secret`
  return {
    find: (tenant_id) => ask('select secret from token_secrets where tenant_id = $1', tenant_id),
    make: async (tenant_id) => (await ask(insert('secret = token_secrets.secret'), tenant_id, toSecret())) ?? '',
    renew: async (tenant_id) => void (await ask(insert('secret = $2, created_at = now()'), tenant_id, toSecret())),
  }
}

const toSecret = (): string => randomBytes(32).toString('base64url')
