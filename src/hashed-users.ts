/** Hallway: readers of a log that keeps hashes of user ids are asked by the ids themselves. */
import type { Config } from './config/config.ts'
import type { MemberStore } from './event/ports/access.ts'
import type { AsStored } from './event/ports/api.ts'
import type { RetentionAdmin } from './event/retention.ts'
import { isUserHash } from './event/user-hash.ts'
import type { Viewer } from './event/viewer.ts'
import { toUserHash } from './refine/pseudonyms.ts'

type Filters = Readonly<Record<string, readonly unknown[]>>
const USER_FILTERS = ['user_id', 'on_behalf_of', 'actor_id']

/** The reader itself where ids are kept as they are. Each of its methods is asked by a viewer first. */
export function withHashedUsers<R extends object>(reader: R, { userIds, hashKey }: Config['privacy']): R {
  if (userIds === 'keep' || hashKey === undefined) return reader
  const asked = Object.entries(reader).map(([name, method]) => [
    name,
    (viewer: Viewer, ...rest: unknown[]) => {
      const toHash = (id: string): string => toUserHash(hashKey, viewer.tenant_id, id)
      return method(toStored(viewer, toHash), ...rest.map((one) => toStoredQuery(one, toHash)))
    },
  ])
  return Object.fromEntries(asked) as R
}

/** The same for what is matched without asking a reader. */
export function toHashedQuestion({ userIds, hashKey }: Config['privacy']): AsStored {
  if (userIds === 'keep' || hashKey === undefined) return (viewer, asked) => [viewer, asked]
  return (viewer, asked) => {
    const toHash = (id: string): string => toUserHash(hashKey, viewer.tenant_id, id)
    return [toStored(viewer, toHash), toStoredQuery(asked, toHash) as typeof asked]
  }
}

/**
 * Members by the hashes that their rows have, which is also how they are listed. A membership ends by the id, by the hash,
 * and, of one from before ids were hashed, by what is written there.
 */
export function withHashedMembers(members: MemberStore, { userIds, hashKey }: Config['privacy']): MemberStore {
  if (userIds === 'keep' || hashKey === undefined) return members
  return {
    list: members.list,
    add: (viewer, project_id, user_id) =>
      members.add(viewer, project_id, toUserHash(hashKey, viewer.tenant_id, user_id)),
    remove: async (viewer, project_id, user_id) => {
      const wasHashed = await members.remove(viewer, project_id, toUserHash(hashKey, viewer.tenant_id, user_id))
      const wasWritten = await members.remove(viewer, project_id, user_id)
      return wasHashed || wasWritten
    },
  }
}

/**
 * Holds by the hashes that the rows have: one of the id itself would keep none of them. An event shows a hash, so that who
 * holds by one means it. Who holds, and whatever else an admin does here, is told by the hash, too.
 */
export function withHashedRetention(retention: RetentionAdmin, privacy: Config['privacy']): RetentionAdmin {
  const { userIds, hashKey } = privacy
  if (userIds === 'keep' || hashKey === undefined) return retention
  const admin = withHashedUsers(retention, privacy)
  return {
    ...admin,
    hold: (viewer, { user_id, ...hold }) => {
      if (user_id === undefined || isUserHash(user_id))
        return admin.hold(viewer, { ...hold, ...(user_id && { user_id }) })
      return admin.hold(viewer, { ...hold, user_id: toUserHash(hashKey, viewer.tenant_id, user_id) })
    },
  }
}

/** A viewer's own id is always hashed: nobody gets at another's rows by being called like a hash. */
const toStored = (viewer: Viewer, toHash: (id: string) => string): Viewer =>
  viewer.user_id === undefined ? viewer : { ...viewer, user_id: toHash(viewer.user_id) }

/** By the id, or by the hash that an event shows. */
function toStoredQuery(query: unknown, toHash: (id: string) => string): unknown {
  const filters: Filters | undefined = Object(query).filters
  if (!filters) return query
  const hashed = Object.entries(filters).map(([column, values]) => [
    column,
    USER_FILTERS.includes(column) ? values.flatMap((id) => [toHash(String(id)), id]) : values,
  ])
  return { ...(query as object), filters: Object.fromEntries(hashed) }
}
