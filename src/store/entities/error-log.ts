import { defineEntity, type InferEntity, p } from '@mikro-orm/core'
import type { ERROR_SEVERITIES } from '../../event/columns.ts'
import type { Json } from '../../event/event.ts'
import { Timestamp } from './timestamp.ts'

/** One stored failure of the host. Rows are never changed; property names are column names. */
export const ErrorLog = defineEntity({
  name: 'ErrorLog',
  tableName: 'error_logs',
  indexes: [
    { name: 'ix_error_logs_created_at', properties: ['created_at'] },
    { name: 'ix_error_logs_error_type_created_at', properties: ['error_type', 'created_at'] },
    { name: 'ix_error_logs_project_id_created_at', properties: ['project_id', 'created_at'] },
    { name: 'ix_error_logs_run_id_created_at', properties: ['run_id', 'created_at'] },
    { name: 'ix_error_logs_user_id_created_at', properties: ['user_id', 'created_at'] },
    {
      name: 'ix_error_logs_trace_id_created_at',
      properties: ['trace_id', 'created_at'],
      where: 'trace_id is not null',
    },
    {
      name: 'ix_error_logs_agent_id_created_at',
      properties: ['agent_id', 'created_at'],
      where: 'agent_id is not null',
    },
    {
      name: 'ix_error_logs_session_id_created_at',
      properties: ['session_id', 'created_at'],
      where: 'session_id is not null',
    },
    {
      name: 'ix_error_logs_fingerprint_created_at',
      properties: ['fingerprint', 'created_at'],
      where: 'fingerprint is not null',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    created_at: p.type(Timestamp).primary(),
    trace_id: p.text().nullable(),
    span_id: p.text().nullable(),
    error_type: p.text(),
    message: p.text(),
    stack: p.text().nullable(),
    detail: p.json<Json>().nullable(),
    severity: p.text().$type<(typeof ERROR_SEVERITIES)[number]>(),
    endpoint: p.text().nullable(),
    tenant_id: p.text(),
    project_id: p.text().nullable(),
    run_id: p.text().nullable(),
    user_id: p.text().nullable(),
    agent_id: p.text().nullable(),
    session_id: p.text().nullable(),
    request_id: p.text().nullable(),
    event_id: p.uuid().nullable(),
    fingerprint: p.text().nullable(),
    fingerprint_version: p.integer().nullable(),
    service: p.text().nullable(),
    release: p.text().nullable(),
    handled: p.boolean(),
  },
})

export type ErrorLog = InferEntity<typeof ErrorLog>
