import { Migration } from '@mikro-orm/migrations'

/** What people made of groups of errors, and the indexes of groups and of a tool's calls. */
export class Migration0006Questions extends Migration {
  override up(): void {
    this.addSql(`create table error_groups (
      tenant_id text not null,
      fingerprint text not null,
      state text not null,
      since timestamptz not null,
      muted_until timestamptz null,
      muted_until_errors int null,
      changed_by text null,
      primary key (tenant_id, fingerprint)
    )`)
    for (const [table, column] of INDEXED)
      this.addSql(
        `create index ix_${table}_${column}_created_at on ${table} (${column}, created_at) where ${column} is not null`,
      )
  }

  override down(): void {
    for (const [table, column] of INDEXED) this.addSql(`drop index ix_${table}_${column}_created_at`)
    this.addSql('drop table error_groups')
  }
}

const INDEXED = [
  // Errors of one group.
  ['error_logs', 'fingerprint'],
  // Question and answer about the call of a tool, wherever they were given.
  ['event_logs', 'tool_call_id'],
]
