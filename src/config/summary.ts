/** What is set, for people who ask later. Without what is secret: that a key is set, and not the key. */
import type { Config } from './config.ts'

export function toSummary(config: Config): object {
  const {
    databaseUrl,
    readDatabaseUrl,
    dir,
    durability,
    spoolMaxBytes,
    retention,
    archive,
    release,
    captureUncaught,
    requests,
  } = config
  const { forward, otlp, reports } = config
  return {
    database: databaseUrl === undefined ? 'embedded' : toPlace(databaseUrl),
    ...(readDatabaseUrl !== undefined && { read_database: toPlace(readDatabaseUrl) }),
    references: config.references,
    dir,
    durability,
    spool_max_bytes: spoolMaxBytes,
    retention_events_days: retention.eventsDays,
    retention_errors_days: retention.errorsDays,
    compress_after_days: archive.compressAfterDays,
    delete_after_days: archive.deleteAfterDays,
    release,
    has_admin_key: config.adminKey !== undefined,
    has_token_secret: config.access.tokenSecret !== undefined,
    rate_limit: config.access.rateLimit,
    reads_on_record: config.access.readsOnRecord,
    captures_uncaught: captureUncaught,
    forwards_to: forward && (forward.http ? toHost(forward.http.url) : "the app's own"),
    otlp_keyless: otlp.keyless,
    otlp_max_bytes: otlp.maxBytes,
    stream_max_clients: config.stream.maxGuests,
    stream_max_clients_per_key: config.stream.maxPerKey,
    error_reports: reports.isOn,
    error_origins: reports.origins,
    requests: Object.fromEntries(Object.entries(requests).map(([name, value]) => [name, toShown(value)])),
    redact_keys: config.redactKeys.length,
    ip: config.privacy.ip,
    user_ids: config.privacy.userIds,
    content: config.content,
    min_severity: config.minSeverity,
    system_metrics_seconds: config.systemMetricsSeconds,
    geo_database: config.geoDatabase,
    risk: config.risk ?? false,
    alerts: config.alerts?.rules.map(({ name }) => name) ?? false,
    event_types: [...config.eventTypes.keys()],
  }
}

/** Host, port and name of a database; who logs in there is nobody's business. */
function toPlace(url: string): string {
  try {
    const { host, pathname } = new URL(url)
    return `postgres://${host}${pathname}`
  } catch {
    return 'postgres'
  }
}

/** An address may hold a key in its path or its query. */
const toHost = (url: string): string => new URL(url).origin

/** Rules may be functions. */
const toShown = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((rule) => (typeof rule === 'function' ? 'a function' : String(rule))) : value
