/** What agents say and what requests carry, by the level that is asked for. Applied to what is clean already. */
import type { Json } from '../event/event.ts'

export type ContentLevel = 'none' | 'metadata' | 'full'

/** Members that tell of the content and hold none of it. */
const FACTS = new Set([
  ...['role', 'type', 'name', 'tool', 'tool_name', 'provider', 'model', 'finish_reason', 'response_id', 'id', 'index'],
  ...['cached_tokens', 'reasoning_tokens', 'input_tokens', 'output_tokens', 'total_tokens', 'cost', 'truncated'],
])
const MAX_FACT_CHARS = 64

/** Undefined where all is kept. `holds` says whether an event's payload is content. */
export function createContentRule(level: ContentLevel): ((payload: Json) => Json | undefined) | undefined {
  if (level === 'full') return undefined
  return level === 'none' ? () => undefined : toForm
}

export const holdsContent = ({ category, event_type, method }: Readonly<Record<string, unknown>>): boolean =>
  category === 'agent' || event_type === 'RETRIEVAL' || method !== undefined

/** Names, sizes and kinds in place of what was said. */
function toForm(json: Json): Json {
  if (typeof json === 'string') return `[${json.length} CHARS]`
  if (typeof json === 'number') return '[NUMBER]'
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map(toForm)
  return Object.fromEntries(
    Object.entries(json).map(([name, member]) => [name, isFact(name, member) ? member : toForm(member)]),
  )
}

const isFact = (name: string, value: Json): boolean =>
  FACTS.has(name) && (typeof value === 'number' || (typeof value === 'string' && value.length <= MAX_FACT_CHARS))
