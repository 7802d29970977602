import { Migration } from '@mikro-orm/migrations'

/** Rollups also of whole days, in UTC: a month is thirty of them, and a rollup of an hour is about as big as one. */
export class Migration0012RollupsOfDays extends Migration {
  override up(): void {
    this.addSql(`alter table event_rollups add column hours int not null default 1,
      drop constraint event_rollups_pkey, add primary key (tenant_id, hour, hours)`)
    // By routes and countries too, from now on.
    this.addSql('select daybook_forget_rollups()')
  }

  override down(): void {
    this.addSql('delete from event_rollups where hours > 1')
    this.addSql(`alter table event_rollups drop constraint event_rollups_pkey, drop column hours,
      add primary key (tenant_id, hour)`)
  }
}
