import { Migration } from '@mikro-orm/migrations'

/** Keys that expire and are rotated, members of projects, and the secrets that sign viewer tokens. */
export class Migration0005Access extends Migration {
  override up(): void {
    this.addSql(`alter table api_keys
      add column expires_at timestamptz null,
      add column rotated_at timestamptz null,
      add column previous_hash text null,
      add column previous_until timestamptz null,
      add column last_used_at timestamptz null`)

    this.addSql(`create table project_members (
      tenant_id text not null,
      project_id text not null,
      user_id text not null,
      since timestamptz not null,
      primary key (tenant_id, project_id, user_id)
    )`)

    this.addSql(`create table token_secrets (
      tenant_id text not null primary key,
      secret text not null,
      created_at timestamptz not null
    )`)
  }

  override down(): void {
    for (const table of ['token_secrets', 'project_members']) this.addSql(`drop table ${table}`)
    this.addSql(`alter table api_keys
      drop column expires_at,
      drop column rotated_at,
      drop column previous_hash,
      drop column previous_until,
      drop column last_used_at`)
  }
}
