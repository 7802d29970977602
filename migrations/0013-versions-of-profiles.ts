import { Migration } from '@mikro-orm/migrations'

/** A profile is replaced if nobody has replaced it since it was read. Nothing looks into it, so that it is plain JSON. */
export class Migration0013VersionsOfProfiles extends Migration {
  override up(): void {
    this.addSql(`alter table risk_profiles add column version int not null default 0,
      alter column profile type json using profile::json`)
  }

  override down(): void {
    this.addSql('alter table risk_profiles drop column version, alter column profile type jsonb using profile::jsonb')
  }
}
