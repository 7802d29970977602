/** What the API needs of the rest of the house. */
import type { AlertRule } from '../alert.ts'
import type { Asked } from '../query.ts'
import type { RetentionAdmin } from '../retention.ts'
import type { EventTypeEntry } from '../types.ts'
import type { Viewer } from '../viewer.ts'
import type { KeyStore, MemberStore, TokenSecrets } from './access.ts'
import type { AlertReader } from './alerts.ts'
import type { Health } from './health.ts'
import type { OtlpIntake } from './otlp.ts'
import type { ErrorGroupStore, ErrorReader, EventFeed, EventPages, EventReader, StoryReader } from './readers.ts'
import type { Sink } from './sink.ts'
import type { DailyFiles } from './spool.ts'

/** A question in the ids that are stored, where those are hashes. */
export type AsStored = (viewer: Viewer, asked: Asked) => readonly [Viewer, Asked]

export interface ApiParts {
  readonly events: EventReader
  readonly errors: ErrorReader
  readonly errorGroups: ErrorGroupStore
  readonly stories: StoryReader
  readonly keys: KeyStore
  readonly retention: RetentionAdmin
  readonly members: MemberStore
  readonly tokenSecrets: TokenSecrets
  /** Ingest: the same way in as capture's. */
  readonly sink: Sink
  readonly otlp: OtlpIntake
  /** Types that the app registered, beside the built-in ones. */
  readonly eventTypes: ReadonlyMap<string, EventTypeEntry>
  readonly health: () => Health
  /** Does `work`, a read; what it asks of the database is cancelled when the signal says that nobody waits for it. */
  readonly whileAsked: <T>(signal: AbortSignal, work: () => T) => T
  readonly feed: EventFeed
  readonly asStored: AsStored
  readonly alerts: AlertReader
  readonly alertRules: readonly AlertRule[]
  /** Names of the channels by which alerts are told. */
  readonly alertChannels: readonly string[]
  readonly pages: EventPages
  readonly files: DailyFiles
  /** Calls when something was stored, as a hint; gives what ends that. */
  readonly onStored: (ring: () => void) => () => void
  /** Resolves when the database answers, rejects with a Fault when it doesn't. */
  readonly ping: () => Promise<void>
}
