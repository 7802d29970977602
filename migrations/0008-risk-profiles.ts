import { Migration } from '@mikro-orm/migrations'

/** What risk knows of users and addresses; it changes in the transaction of the rows it was learned from. */
export class Migration0008RiskProfiles extends Migration {
  override up(): void {
    // Each changes many times a minute: with room on its page and no index over what changes, that touches no index.
    this.addSql(`create table risk_profiles (
      tenant_id text not null,
      subject text not null,
      profile jsonb not null,
      updated_at timestamptz not null,
      primary key (tenant_id, subject)
    ) with (fillfactor = 50)`)
  }

  override down(): void {
    this.addSql('drop table risk_profiles')
  }
}
