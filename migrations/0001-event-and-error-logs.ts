import { Migration } from '@mikro-orm/migrations'

/** Both logs, partitioned by day, with the drain's cursors and the API's keys. The column set is complete. */
export class Migration0001EventAndErrorLogs extends Migration {
  override up(): void {
    this.addSql(`create table event_logs (
      id uuid not null,
      created_at timestamptz not null,
      tx_id xid8 not null default pg_current_xact_id(),
      twin_of uuid null,
      event_type text not null,
      category text not null,
      status text not null,
      severity text not null,
      action_description text null,
      comments text null,
      files_changed text[] null,
      entity_type text null,
      entity_id text null,
      actor_type text not null,
      actor_id text null,
      user_id text null,
      agent_id text null,
      on_behalf_of text null,
      session_id text null,
      project_id text null,
      run_id text null,
      tenant_id text not null,
      source_ip text null,
      country text null,
      city text null,
      user_agent text null,
      device text null,
      service text null,
      host text null,
      method text null,
      route text null,
      path text null,
      status_code int null,
      duration_ms double precision null,
      request_id text null,
      trace_id text null,
      span_id text null,
      parent_span_id text null,
      tool_name text null,
      tool_call_id text null,
      approval_status text null,
      model text null,
      input_tokens int null,
      output_tokens int null,
      cost double precision null,
      error_code text null,
      outcome text null,
      risk_score int null,
      risk_factors text[] null,
      payload jsonb null,
      metadata jsonb null,
      primary key (id, created_at)
    ) partition by range (created_at)`)

    this.addSql(`create table error_logs (
      id uuid not null,
      created_at timestamptz not null,
      trace_id text null,
      span_id text null,
      error_type text not null,
      message text not null,
      stack text null,
      detail jsonb null,
      severity text not null,
      endpoint text null,
      tenant_id text not null,
      project_id text null,
      run_id text null,
      user_id text null,
      agent_id text null,
      session_id text null,
      request_id text null,
      event_id uuid null,
      fingerprint text null,
      fingerprint_version int null,
      service text null,
      "release" text null,
      handled boolean not null,
      primary key (id, created_at)
    ) partition by range (created_at)`)

    for (const column of ['session_id', 'user_id', 'project_id', 'run_id', 'event_type']) {
      this.addSql(index('event_logs', column))
    }
    this.addSql('create index ix_event_logs_created_at on event_logs (created_at)')
    for (const column of ['trace_id', 'error_code', 'tool_name', 'approval_status']) {
      this.addSql(`${index('event_logs', column)} where ${column} is not null`)
    }

    for (const column of ['error_type', 'project_id', 'run_id', 'user_id']) {
      this.addSql(index('error_logs', column))
    }
    this.addSql('create index ix_error_logs_created_at on error_logs (created_at)')
    this.addSql(`${index('error_logs', 'trace_id')} where trace_id is not null`)

    // Where the next line to store begins, by segment; it moves in the transaction that stores the rows before it.
    this.addSql(`create table spool_cursors (
      segment text not null primary key,
      next_byte bigint not null,
      updated_at timestamptz not null
    )`)

    this.addSql(`create table api_keys (
      id text not null primary key,
      hash text not null,
      role text not null,
      tenant_id text not null,
      user_id text null,
      label text null,
      created_at timestamptz not null,
      revoked_at timestamptz null
    )`)

    // ATTACH takes a weaker lock than CREATE … PARTITION OF, so that writers and readers go on meanwhile.
    // The lock keeps two processes from making the same day at once.
    this.addSql(`create function daybook_make_partition(parent text, day date) returns void language plpgsql as $$
      declare
        child text := parent || '_p' || to_char(day, 'YYYYMMDD');
      begin
        perform pg_advisory_xact_lock(hashtext('daybook_make_partition'));
        if to_regclass(child) is not null then return; end if;
        execute format('create table %I (like %I including all)', child, parent);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)',
          parent, child, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
      end
    $$`)
  }

  override down(): void {
    this.addSql('drop function daybook_make_partition(text, date)')
    for (const table of ['api_keys', 'spool_cursors', 'error_logs', 'event_logs']) this.addSql(`drop table ${table}`)
  }
}

const index = (table: string, column: string): string =>
  `create index ix_${table}_${column}_created_at on ${table} (${column}, created_at)`
