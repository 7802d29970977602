import { Migration } from '@mikro-orm/migrations'

/**
 * Streams follow the log in the order of its transactions. The rows of a batch share one, so the index is small: b-trees
 * keep equal keys once.
 */
export class Migration0007OrderOfCommits extends Migration {
  override up(): void {
    this.addSql('create index ix_event_logs_tx_id on event_logs (tx_id)')
  }

  override down(): void {
    this.addSql('drop index ix_event_logs_tx_id')
  }
}
