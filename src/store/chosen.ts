/** Which entities of a host are followed, and which of their fields. */
import type { EntityManager, EntityMetadata } from '@mikro-orm/core'

export interface ChosenEntity {
  /** The entity: its class, what `defineEntity` gave, or its name. */
  readonly entity: object | string
  /** What `entity_type` says. Default: the entity's name in snake_case, such as `order_line`. */
  readonly entity_type?: string
  /** Only these fields and collections. Default: all. */
  readonly only?: readonly string[]
  /** All but these. */
  readonly ignore?: readonly string[]
}

export type Chosen = object | string | ChosenEntity

export interface ChangeOptions {
  readonly entities: readonly Chosen[]
  /** What becomes of the change when its event can't be inserted; see `record`. Default fail. */
  readonly onFailure?: 'fail' | 'set_aside'
  /** Set it where `daybook/change-triggers` are installed, so that these tell only of what went another way. Default false. */
  readonly triggers?: boolean
}

/** A chosen entity, as it is looked up. */
export interface Followed {
  readonly entity_type: string
  /** `names`: of a field of embedded objects, also those of the objects. */
  readonly isKept: (names: readonly string[]) => boolean
}

export type FindFollowed = (meta: EntityMetadata) => Followed | undefined

export function toChosen(entities: readonly Chosen[]): FindFollowed {
  const followed = new Map(entities.map((chosen) => toFollowed(chosen)))
  // Those that extend an entity stand in its table.
  return ({ className, root }) => followed.get(className) ?? followed.get(root.className)
}

function toFollowed(chosen: Chosen): [string, Followed] {
  const { entity, entity_type, only, ignore }: ChosenEntity =
    typeof chosen === 'object' && 'entity' in chosen ? chosen : { entity: chosen }
  const name = toEntityName(entity)
  return [
    name,
    {
      entity_type: entity_type ?? name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase(),
      isKept: (names) =>
        (only === undefined || names.some((name) => only.includes(name))) &&
        !names.some((name) => ignore?.includes(name)),
    },
  ]
}

function toEntityName(entity: object | string): string {
  const name: unknown =
    typeof entity === 'string' ? entity : (Reflect.get(entity, 'meta')?.className ?? Reflect.get(entity, 'name'))
  if (typeof name === 'string' && name !== '') return name
  throw new TypeError('changes: each of `entities` is an entity, its name, or { entity, only, ignore, entity_type }.')
}

/** Tables of the chosen entities, with those that only join them. */
export function toTables(em: EntityManager, find: FindFollowed): readonly string[] {
  const tables: string[] = []
  for (const meta of em.getMetadata()) {
    if (!find(meta)) continue
    tables.push(meta.tableName, ...meta.relations.flatMap(({ pivotTable }) => pivotTable ?? []))
  }
  return tables
}
