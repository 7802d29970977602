/**
 * Which tables the logs refer to. Settings decide it, so this comes after the numbered migrations, each time the store is
 * opened, and changes only what differs. Nothing here holds events up: what can't be had is said, and they are stored
 * without it.
 */
import type { HostReferences, References } from '../config/host-options.ts'
import { toReason } from '../event/fault.ts'
import { REFERENCES } from '../event/references.ts'
import { toSqlState } from './faults.ts'
import { type ForeignKey, setForeignKeys } from './foreign-keys.ts'
import { findHostTable, type HostParent, setHostColumns } from './host-tables.ts'
import type { Em } from './orm.ts'
import { findOwnTable } from './own-tables.ts'
import { PARTITIONED, type Partitioned } from './partitions.ts'

export type Notice = (line: string) => void

export async function arrangeReferences(em: Em, wanted: References, onNotice: Notice = () => undefined): Promise<void> {
  const parents = typeof wanted === 'object' ? await hostParents(em, wanted, onNotice) : []
  await orNotice(onNotice, () => setHostColumns(em, parents))
  const keys = wanted === 'own' ? await ownKeys(em, onNotice) : PARTITIONED.flatMap((log) => toHostKeys(log, parents))
  await setForeignKeys(em, keys, (work) => orNotice(onNotice, work))
}

async function ownKeys(em: Em, onNotice: Notice): Promise<readonly ForeignKey[]> {
  const keys: ForeignKey[] = []
  for (const { column, table, option } of REFERENCES) {
    const parent = await orNotice(onNotice, () => findOwnTable(em, table))
    if (parent === 'of another') onNotice(`Daybook: ${toForeign(table, column, option)}`)
    if (parent !== 'own') continue
    const action = column === 'session_id' ? 'CASCADE' : `SET NULL (${column})`
    for (const log of PARTITIONED)
      keys.push({
        log,
        name: `${log}_${column}_foreign`,
        definition: `FOREIGN KEY (tenant_id, ${column}) REFERENCES ${table}(tenant_id, id) ON DELETE ${action}`,
        stubs: { table, column },
      })
  }
  return keys
}

const toForeign = (table: string, column: string, option: string): string =>
  `the table ${table} is not Daybook's and stays as it is, so ${column} refers to nothing. Name it in \`references.${option}\`, or set DAYBOOK_REFERENCES=none.`

async function hostParents(em: Em, wanted: HostReferences, onNotice: Notice): Promise<readonly HostParent[]> {
  const parents: HostParent[] = []
  for (const { column, option } of REFERENCES) {
    const named = wanted[option]
    if (named === undefined) continue
    const { table, key = 'id' } = typeof named === 'string' ? { table: named } : named
    const parent = await orNotice(onNotice, () => findHostTable(em, column, table, key))
    if (parent) parents.push(parent)
    else
      onNotice(
        `Daybook: references.${option} names ${table} with the key ${key}, which is not there; ${column} refers to nothing.`,
      )
  }
  return parents
}

const toHostKeys = (log: Partitioned, parents: readonly HostParent[]): readonly ForeignKey[] =>
  parents.map(({ column, ref, table, key }) => ({
    log,
    name: `${log}_${ref}_foreign`,
    definition: `FOREIGN KEY (${ref}) REFERENCES ${table}(${key}) ON DELETE ${column === 'session_id' ? 'CASCADE' : 'SET NULL'}`,
  }))

/** Of rights, names and types, of rows that don't fit, of a lock or an answer that takes too long. */
const CAN_WAIT = /^(22|23|42|55|57014$)/

async function orNotice<T>(onNotice: Notice, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!CAN_WAIT.test(toSqlState(error) ?? '')) throw error
    onNotice(
      `Daybook: the references of the logs are not as they are set (${toReason(error)}). It is tried again with the next start; \`daybook migrate\` does it with more rights and time.`,
    )
    return undefined
  }
}
