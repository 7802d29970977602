/** The columns in the order in which people ask: what, who, where, how. */
import type { EventRow } from '../client.ts'

export interface FieldGroup {
  readonly title: string
  readonly fields: readonly (readonly [name: string, value: unknown])[]
}

const GROUPS: readonly (readonly [title: string, names: readonly string[]])[] = [
  [
    'What',
    ['comments', 'files_changed', 'entity_type', 'entity_id', 'error_code', 'outcome', 'duration_ms', 'severity'],
  ],
  ['Risk', ['risk_score', 'risk_factors']],
  ['Agent work', ['tool_name', 'tool_call_id', 'approval_status', 'model', 'input_tokens', 'output_tokens', 'cost']],
  ['Request', ['method', 'route', 'path', 'status_code', 'request_id']],
  ['Who', ['actor_type', 'actor_id', 'user_id', 'agent_id', 'on_behalf_of', 'tenant_id']],
  ['Part of', ['session_id', 'project_id', 'run_id', 'trace_id', 'span_id', 'parent_span_id', 'twin_of']],
  ['Where', ['service', 'host', 'source_ip', 'country', 'city', 'device', 'user_agent']],
]

/** Shown elsewhere in the detail, or of no use to people. */
const ELSEWHERE = new Set(
  'id created_at timestamp event_type category status action_description payload metadata system_event tx_id'.split(
    ' ',
  ),
)
const GROUPED = new Set(GROUPS.flatMap(([, names]) => names))

/** The set fields of an event by group; columns that this page doesn't know yet come last. */
export function toFieldGroups(event: EventRow): FieldGroup[] {
  const values = new Map<string, unknown>(Object.entries(event))
  const others = [...values.keys()].filter((name) => !ELSEWHERE.has(name) && !GROUPED.has(name))
  return [...GROUPS, ['Other', others] as const]
    .map(([title, names]) => ({
      title,
      fields: names.map((name) => [name, values.get(name)] as const).filter(([, value]) => isSet(value)),
    }))
    .filter((group) => group.fields.length > 0)
}

export const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== ''
