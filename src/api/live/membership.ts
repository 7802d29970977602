/** Who sees more while its user is a member of a project: only the database knows, and is asked as rows come. */
import type { EventFeed } from '../../event/ports/readers.ts'
import type { Scope } from '../../event/viewer.ts'

export interface Membership {
  readonly scope: Scope
  /** When it was last asked. */
  isMember: boolean
  /** Pages with rows that had been read before it was. */
  pages: number
}

export interface Memberships {
  /** Asks of those who have one, before they are given what was stored meanwhile. */
  look(memberships: readonly (Membership | undefined)[]): Promise<void>
  /** A page with rows was read: what was known before it is not of it. */
  turn(): void
  isFresh(membership: Membership | undefined): boolean
}

export function createMemberships({ areMembers }: Pick<EventFeed, 'areMembers'>): Memberships {
  let pages = 0
  return {
    async look(memberships) {
      const asked = memberships.filter((membership) => membership !== undefined)
      if (asked.length === 0) return
      for (const membership of asked) membership.pages = pages
      const found = await areMembers(asked.map(({ scope }) => scope))
      for (const [at, membership] of asked.entries()) membership.isMember = found[at] === true
    },
    turn: () => void pages++,
    isFresh: (membership) => membership === undefined || membership.pages === pages,
  }
}
