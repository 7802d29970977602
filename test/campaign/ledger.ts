/**
 * The truth outside of the system: which ids were issued, which were acknowledged, and how often each was found.
 * Obligations start at the acknowledgement: an id whose acknowledgement died with its writer may be there or not.
 */

/** What can be wrong. The first four are of an id, the others of what was found around them. */
export const WRONGS = [
  'lost',
  'doubled',
  'altered',
  'not_issued',
  'damaged',
  'stray',
  'refused',
  'quarantined',
  'died',
] as const
export type Wrong = (typeof WRONGS)[number]

export interface Finding {
  readonly wrong: Wrong
  readonly what: string
}

export interface Ledger {
  acknowledge(id: number): void
  isAcknowledged(id: number): boolean
  /** Says that an id was found at a place, whole or not. */
  find(id: number, isWhole: boolean, place: string): void
  acknowledged(): number
  found(): number
  /** Found without having been acknowledged: written, and killed before that could be said. */
  unacknowledged(): number
  judge(): Finding[]
}

/** `isIssued` tells ids that were given out from all others. */
export function createLedger(isIssued: (id: number) => boolean): Ledger {
  const acknowledged = new Set<number>()
  const found = new Map<number, number>()
  const findings: Finding[] = []
  return {
    acknowledge: (id) => void acknowledged.add(id),
    isAcknowledged: (id) => acknowledged.has(id),
    find(id, isWhole, place) {
      const times = (found.get(id) ?? 0) + 1
      found.set(id, times)
      if (!isIssued(id)) findings.push({ wrong: 'not_issued', what: `id ${id} in ${place}` })
      else if (!isWhole) findings.push({ wrong: 'altered', what: `id ${id} in ${place}` })
      if (times === 2) findings.push({ wrong: 'doubled', what: `id ${id} in ${place}` })
    },
    acknowledged: () => acknowledged.size,
    found: () => found.size,
    unacknowledged: () => [...found.keys()].filter((id) => !acknowledged.has(id)).length,
    judge() {
      const lost = [...acknowledged].filter((id) => !found.has(id))
      return [...findings, ...lost.map((id): Finding => ({ wrong: 'lost', what: `id ${id}` }))]
    },
  }
}

export const countOf = (findings: readonly Finding[], wrong: Wrong): number =>
  findings.filter((finding) => finding.wrong === wrong).length

/** Only what there is: `{ lost: 3 }`. */
export const toTally = (findings: readonly Finding[]): Partial<Record<Wrong, number>> =>
  Object.fromEntries(WRONGS.map((wrong) => [wrong, countOf(findings, wrong)]).filter(([, count]) => count))
