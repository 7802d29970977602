/** Retention in memory: rules and holds of tenants, and a day that is due. */
import { toEventId } from '../../src/event/id.ts'
import type { Hold, PartitionState, PruneReport, RetentionAdmin, Rule } from '../../src/event/retention.ts'
import type { Viewer } from '../../src/event/viewer.ts'

const NOW = '2026-11-21T10:05:00.123456Z'
const DAY: PartitionState = { log: 'events', day: '2026-10-21', rows: null, bytes: 24_576, due_on: '2026-11-21' }

export function createMemoryRetention(whenUp: <T>(work: () => T) => Promise<T>): RetentionAdmin {
  const rules: (Rule & { tenant_id: string })[] = []
  const holds: (Hold & { tenant_id: string })[] = []
  let last_prune: PruneReport | null = null
  const newId = (): string => toEventId(Date.now() * 1_000)
  const toMaker = ({ user_id, role }: Viewer): string => user_id ?? role
  const own = <R extends { tenant_id: string }>(rows: readonly R[], viewer: Viewer): R[] =>
    rows.filter(({ tenant_id }) => tenant_id === viewer.tenant_id)
  const bare = <R extends { tenant_id: string }>({ tenant_id: _, ...row }: R): Omit<R, 'tenant_id'> => row
  return {
    state: (viewer) =>
      whenUp(() => ({
        periods: { events_days: 30, errors_days: 90 },
        partitions: last_prune ? [] : [DAY],
        next: last_prune ? null : DAY,
        rules: own(rules, viewer).map(bare),
        holds: own(holds, viewer)
          .filter(({ released_at }) => released_at === undefined)
          .map(bare),
        last_prune,
        stopped: null,
      })),
    prune: (viewer, { dry_run = false }) =>
      whenUp(() => {
        const { log, day, bytes } = DAY
        const report: PruneReport = {
          ...{ id: newId(), outcome: 'done', dry_run, by: toMaker(viewer), reason: null, started_at: NOW },
          removed: [{ log, day, action: 'drop', rows: 3, rows_exact: true, bytes }],
          postponed: [],
        }
        if (!dry_run) last_prune = report
        return report
      }),
    setRule: (viewer, input) =>
      whenUp(() => {
        const rule = { ...input, id: newId(), made_by: toMaker(viewer), updated_at: NOW }
        rules.push({ ...rule, tenant_id: viewer.tenant_id })
        return rule
      }),
    removeRule: (viewer, id) =>
      whenUp(() => {
        const at = rules.findIndex((rule) => rule.id === id && rule.tenant_id === viewer.tenant_id)
        return at >= 0 && rules.splice(at, 1).length === 1
      }),
    holds: (viewer) => whenUp(() => own(holds, viewer).map(bare)),
    hold: (viewer, input) =>
      whenUp(() => {
        const hold = { ...input, id: newId(), made_by: toMaker(viewer), since: NOW }
        holds.push({ ...hold, tenant_id: viewer.tenant_id })
        return hold
      }),
    release: (viewer, id) =>
      whenUp(() => {
        const hold = own(holds, viewer).find((held) => held.id === id)
        return hold && bare(Object.assign(hold, { released_at: NOW, released_by: toMaker(viewer) }))
      }),
  }
}
