/** What was done to one entity → the draft of its event. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { Draft } from '../event/event.ts'
import type { Followed } from './chosen.ts'

type Fields = Readonly<Record<string, unknown>>

interface Moved {
  readonly name: string
  readonly added: readonly object[]
  readonly removed: readonly object[]
}

export interface Change {
  readonly kind: 'created' | 'updated' | 'deleted'
  /** Else it is about to be. */
  readonly isDone: boolean
  readonly chosen: Followed
  readonly meta: EntityMetadata
  readonly entity: object
  /** As it was in the database, of all fields that the ORM knew. */
  readonly before: Fields
  readonly after: Fields
  readonly collections: readonly Moved[]
}

/** A flush may come to an entity more than once, for references in a circle say. */
export function merge(first: Change | undefined, next: Change): Change {
  if (!first) return next
  if (!first.isDone) return { ...next, kind: first.kind, collections: [...first.collections, ...next.collections] }
  // Collections are known before the statements, and don't say of what kind the change is.
  const kind = first.kind === 'updated' ? next.kind : first.kind
  return {
    ...next,
    kind,
    before: { ...next.before, ...first.before },
    after: { ...first.after, ...next.after },
    collections: [...first.collections, ...next.collections],
  }
}

const TYPES = { created: 'DATA_CREATED', updated: 'DATA_UPDATED', deleted: 'DATA_DELETED' } as const

/** Undefined for what changed nothing that is kept. */
export function toDraft(change: Change): Draft | undefined {
  const { kind, chosen, meta, entity } = change
  const isKept = (field: string): boolean => chosen.isKept(toNames(meta, field))
  const names = Object.keys(kind === 'deleted' ? change.before : change.after).filter(isKept)
  const pick = (from: Fields): Fields =>
    Object.fromEntries(
      names.map((name) => [name, isHidden(meta, name) ? HIDDEN : toShown(meta.properties[name], from[name] ?? null)]),
    )
  const collections = Object.fromEntries(
    change.collections
      .filter(({ name }) => chosen.isKept([name]))
      .map(({ name, added, removed }) => [name, { added: added.map(idOf), removed: removed.map(idOf) }]),
  )
  const hasMoved = Object.keys(collections).length > 0
  if (kind === 'updated' && names.length === 0 && !hasMoved) return undefined
  return {
    event_type: TYPES[kind],
    entity_type: chosen.entity_type,
    entity_id: toId(meta, entity, change.before),
    outcome: 'committed',
    payload: {
      ...(kind !== 'created' && names.length > 0 && { before: pick(change.before) }),
      ...(kind !== 'deleted' && names.length > 0 && { after: pick(change.after) }),
      ...(hasMoved && { collections }),
    },
    metadata: { table: toTable(meta), ...(hasMoved && { join_tables: toJoinTables(meta, Object.keys(collections)) }) },
  }
}

const toTable = ({ schema, tableName }: EntityMetadata): string =>
  schema && schema !== '*' && schema !== 'public' ? `${schema}.${tableName}` : tableName

const toJoinTables = ({ properties }: EntityMetadata, names: readonly string[]): string[] =>
  names.flatMap((name) => Reflect.get(properties, name)?.pivotTable ?? [])

/** Of what the host itself never shows, that it changed is enough. */
const HIDDEN = '[REDACTED]'

const isHidden = (meta: EntityMetadata, field: string): boolean =>
  toNames(meta, field).some((name) => Reflect.get(meta.properties, name)?.hidden === true)

/** Of a field, and of the embedded objects that it is in. */
function toNames(meta: EntityMetadata, field: string): readonly string[] {
  const outer: string | undefined = Reflect.get(meta.properties, field)?.embedded?.[0]
  return outer === undefined ? [field] : [field, ...toNames(meta, outer)]
}

type Property = Partial<Pick<EntityProperty, 'hidden' | 'embeddedProps'>>

/** An embedded object that is kept as JSON, without what is hidden in it. */
function toShown(property: Property | undefined, value: unknown): unknown {
  if (property?.hidden) return HIDDEN
  const { embeddedProps } = property ?? {}
  if (!embeddedProps || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => toShown(property, one))
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, toShown(Reflect.get(embeddedProps, name), member)]),
  )
}

/** None yet, where the database was to make it. */
function toId(meta: EntityMetadata, entity: object, before: Fields): string | undefined {
  const parts = meta.primaryKeys.map((key) => before[key] ?? Reflect.get(entity, key))
  if (parts.some((part) => part === undefined || part === null)) return undefined
  return parts.map((part) => (typeof part === 'object' ? idOf(part) : String(part))).join(',')
}

/** Between the parts of a key, as MikroORM writes it. */
const SEPARATOR = '~~~'

/** Of another entity. */
function idOf(entity: object): string {
  const helper: { getSerializedPrimaryKey(): unknown } | undefined = Reflect.get(entity, '__helper')
  return String(helper?.getSerializedPrimaryKey() ?? entity).replaceAll(SEPARATOR, ',')
}
