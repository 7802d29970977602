/** What a span is. The first dialect that knows it decides, in the order of the mapping table. */
import type { Dialect, Operation } from './dialect.ts'
import { http } from './dialects/http.ts'
import type { Span } from './span.ts'

export const DIALECTS: readonly Dialect[] = [http]

/** A span that speaks no dialect is a node of its trace. */
export const toOperation = (span: Span): Operation => {
  for (const dialect of DIALECTS) {
    const operation = dialect.operation(span)
    if (operation) return operation
  }
  return 'node'
}
