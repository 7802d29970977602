/** Marks in the metadata of a request's event: that it was slow, and that its path is a sensitive one. */
import type { RequestConfig } from '../../config/request-options.ts'
import { createRules } from './rules.ts'
import { type Closing, note, type Step } from './step.ts'

/** Whether a request took longer than its route may; a stream of events takes as long as somebody listens. */
export function createIsSlow({ slowMs, slowRoutes = {} }: RequestConfig): (closing: Closing) => boolean {
  const limits = Object.entries(slowRoutes).map(([rule, ms]) => ({ matches: createRules([rule]), ms }))
  const limitOf = ({ req, draft }: Closing): number => limits.find(({ matches }) => matches?.(req, draft))?.ms ?? slowMs
  const toLimit = limits.length === 0 ? () => slowMs : limitOf
  return (closing) =>
    (closing.draft.duration_ms ?? 0) >= toLimit(closing) &&
    !String(closing.res.getHeader('content-type')).startsWith('text/event-stream')
}

export function toMarks(options: RequestConfig): Step | undefined {
  const isSlow = createIsSlow(options)
  const isSensitive = createRules(options.sensitivePaths)
  return (closing) => {
    const { req, draft } = closing
    if (isSlow(closing)) note(draft, { slow: true })
    if (isSensitive?.(req, draft)) note(draft, { sensitive: true })
    return true
  }
}
