import { Migration } from '@mikro-orm/migrations'

/** What is known of each alert, of each tenant: shared by a fleet, of which one tells. */
export class Migration0009Alerts extends Migration {
  override up(): void {
    this.addSql(`create table alert_states (
      rule text not null,
      tenant_id text not null,
      firing boolean not null,
      value double precision not null,
      since timestamptz not null,
      last_fired_at timestamptz null,
      channel_failure text null,
      primary key (rule, tenant_id)
    )`)
  }

  override down(): void {
    this.addSql('drop table alert_states')
  }
}
