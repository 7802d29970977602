/**
 * A flood of requests that no route answers, as a scanner sends them: so many a minute of one address become events, and
 * of more few do, so that the room on the disk is left to others.
 */
import type { RequestConfig } from '../../config/request-options.ts'
import type { Draft } from '../../event/event.ts'
import { createIsSlow } from './marks.ts'
import { note, type Step } from './step.ts'

const MINUTE_MS = 60_000
const ONE_IN = 100
/** Of more addresses in a minute the rest are counted as one. */
const MAX_SOURCES = 10_000
const THE_REST = 'the rest'
const MAPPED = /^::ffff:/i

/** Undefined where all are to become events. */
export function toFlood(options: RequestConfig, nowMs: () => number = Date.now): Step | undefined {
  const { floodPerMinute } = options
  if (floodPerMinute === 0) return undefined
  const isSlow = createIsSlow(options)
  const counts = new Map<string, number>()
  let minute = Number.NaN

  const countOf = (address: string): number => {
    const now = Math.floor(nowMs() / MINUTE_MS)
    if (now !== minute) counts.clear()
    minute = now
    const network = toNetwork(address)
    const source = counts.size < MAX_SOURCES || counts.has(network) ? network : THE_REST
    const count = (counts.get(source) ?? 0) + 1
    counts.set(source, count)
    return count
  }

  return (closing) => {
    const { draft, state } = closing
    // Where its arrival is an event, its end is one too.
    if (!isUnanswered(draft) || state.arrival === 'logged' || isSlow(closing)) return true
    const beyond = countOf(draft.source_ip ?? '') - floodPerMinute
    if (beyond <= 0) return true
    if (beyond % ONE_IN !== 1) return false
    note(draft, { sample_ratio: 1 / ONE_IN })
    return true
  }
}

/** A 4xx that is no denial, from no route. */
const isUnanswered = ({ route, status_code, outcome }: Draft): boolean =>
  route === undefined && Math.floor((status_code ?? 0) / 100) === 4 && outcome === undefined

/** Who has one IPv6 address has the 64 bits behind its network's. */
function toNetwork(address: string): string {
  // What comes to a server for both families has this form, and what comes through a proxy has not.
  if (address.includes('.')) return address.replace(MAPPED, '')
  const [head = ''] = address.split('::')
  return head.split(':').slice(0, 4).join(':')
}
