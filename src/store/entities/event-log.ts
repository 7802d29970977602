import { defineEntity, type InferEntity, p } from '@mikro-orm/core'
import type { ACTOR_TYPES, OUTCOMES, SEVERITIES, STATUSES } from '../../event/columns.ts'
import type { Json } from '../../event/event.ts'
import { Timestamp } from './timestamp.ts'

/** Indexes on columns that few rows set hold those rows only. */
const sparse = <Column extends string>(...columns: readonly Column[]) =>
  columns.map((column) => ({
    name: `ix_event_logs_${column}_created_at`,
    properties: [column, 'created_at'] as [Column, 'created_at'],
    where: `${column} is not null`,
  }))

/** One stored event. Rows are never changed; property names are column names. */
export const EventLog = defineEntity({
  name: 'EventLog',
  tableName: 'event_logs',
  indexes: [
    { name: 'ix_event_logs_created_at', properties: ['created_at'] },
    { name: 'ix_event_logs_session_id_created_at', properties: ['session_id', 'created_at'] },
    { name: 'ix_event_logs_user_id_created_at', properties: ['user_id', 'created_at'] },
    { name: 'ix_event_logs_project_id_created_at', properties: ['project_id', 'created_at'] },
    { name: 'ix_event_logs_run_id_created_at', properties: ['run_id', 'created_at'] },
    { name: 'ix_event_logs_event_type_created_at', properties: ['event_type', 'created_at'] },
    { name: 'ix_event_logs_tx_id', properties: ['tx_id'] },
    ...sparse('trace_id', 'error_code', 'tool_name', 'approval_status', 'agent_id', 'tool_call_id'),
  ],
  properties: {
    id: p.uuid().primary(),
    created_at: p.type(Timestamp).primary(),
    tx_id: p.type('xid8').$type<string>().defaultRaw('pg_current_xact_id()'),
    twin_of: p.uuid().nullable(),
    event_type: p.text(),
    category: p.text(),
    status: p.text().$type<(typeof STATUSES)[number]>(),
    severity: p.text().$type<(typeof SEVERITIES)[number]>(),
    action_description: p.text().nullable(),
    comments: p.text().nullable(),
    files_changed: p.array<string>().columnType('text[]').nullable(),
    entity_type: p.text().nullable(),
    entity_id: p.text().nullable(),
    actor_type: p.text().$type<(typeof ACTOR_TYPES)[number]>(),
    actor_id: p.text().nullable(),
    user_id: p.text().nullable(),
    agent_id: p.text().nullable(),
    on_behalf_of: p.text().nullable(),
    session_id: p.text().nullable(),
    project_id: p.text().nullable(),
    run_id: p.text().nullable(),
    tenant_id: p.text(),
    source_ip: p.text().nullable(),
    country: p.text().nullable(),
    city: p.text().nullable(),
    user_agent: p.text().nullable(),
    device: p.text().nullable(),
    service: p.text().nullable(),
    host: p.text().nullable(),
    method: p.text().nullable(),
    route: p.text().nullable(),
    path: p.text().nullable(),
    status_code: p.integer().nullable(),
    duration_ms: p.double().nullable(),
    request_id: p.text().nullable(),
    trace_id: p.text().nullable(),
    span_id: p.text().nullable(),
    parent_span_id: p.text().nullable(),
    tool_name: p.text().nullable(),
    tool_call_id: p.text().nullable(),
    approval_status: p.text().nullable(),
    model: p.text().nullable(),
    input_tokens: p.integer().nullable(),
    output_tokens: p.integer().nullable(),
    cost: p.double().nullable(),
    error_code: p.text().nullable(),
    outcome: p.text().$type<(typeof OUTCOMES)[number]>().nullable(),
    risk_score: p.integer().nullable(),
    risk_factors: p.array<string>().columnType('text[]').nullable(),
    payload: p.json<Json>().nullable(),
    metadata: p.json<Json>().nullable(),
  },
})

export type EventLog = InferEntity<typeof EventLog>
