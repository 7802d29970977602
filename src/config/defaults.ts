/** Every default, once, with its unit in its name. */

export const DEFAULT_DIR = '.daybook'
export const DEFAULT_HOST = '127.0.0.1'
/** Where an OpenTelemetry exporter sends when nobody told it where. */
export const DEFAULT_PORT = 4318
/** The name OpenTelemetry gives a service that has none. */
export const DEFAULT_SERVICE = 'unknown_service:node'
export const DEFAULT_TENANT = 'default'
export const DEFAULT_RETENTION_EVENTS_DAYS = 30
export const DEFAULT_RETENTION_ERRORS_DAYS = 90
export const MIN_ADMIN_KEY_CHARS = 16

/** Bounds of one event, applied after redaction. */
export const LIMITS = Object.freeze({
  /** Nesting of `payload`, `metadata` and `detail`. PGlite loses a row at about 7,000. */
  depth: 32,
  /** Members of one object or array. */
  breadth: 1_000,
  /** Characters of one string inside of JSON. */
  stringChars: 16_384,
  /** Characters of all keys and strings of one JSON column together. */
  jsonChars: 262_144,
  /** Characters of one text column; descriptions, comments, messages and stacks get `longTextChars`. */
  textChars: 1_024,
  longTextChars: 16_384,
  /** Items of `files_changed` and `risk_factors`. */
  listItems: 1_000,
})

/** How far ahead of this machine's clock an event's time may be before it is replaced by the clock's. */
export const MAX_AHEAD_MS = 24 * 3_600_000

export const DEFAULT_SLOW_MS = 1_000
export const DEFAULT_BODY_MAX_BYTES = 16_384

/** Reports of errors by front ends, of all but admins. */
export const REPORTS = Object.freeze({ perAddress: 30, inTotal: 300, windowMs: 60_000 })
/** Of one export, unpacked: the specification's advice. */
export const DEFAULT_OTLP_MAX_BYTES = 64 * 1_048_576

export const DRAIN = Object.freeze({
  /** Lines of one transaction: the first ones, and how few and many it may become. */
  batchLines: 1_000,
  minLines: 20,
  maxLines: 5_000,
  /** Bytes read at a time. */
  batchBytes: 8 * 1_048_576,
  /** Pause between the first new line and its batch, so that lines share a transaction. */
  lingerMs: 40,
  /** Longest pause between two looks at the folder, for segments of other processes. */
  pollMs: 1_000,
  /** Waits after a failure grow from the first to the second, with jitter. */
  retryMinMs: 250,
  retryMaxMs: 10_000,
  /** A thread that ended is started again after this long. */
  restartMs: 1_000,
  /** A thread that shows no life for this long is ended. Longer than any call may take. */
  hangMs: 30_000,
  /** Pause between two looks for segments that are old enough to be packed or deleted. */
  tidyMs: 3_600_000,
})

/** With durability `group`, events are on the disk itself this long after they were appended. */
export const SYNCED_WITHIN_MS = 100

export const SYNC = Object.freeze({
  /** The disk takes its time too. */
  intervalMs: SYNCED_WITHIN_MS / 2,
  /** A thread that ended is started again after this long. */
  restartMs: 1_000,
})
export const DEFAULT_SPOOL_MAX_BYTES = 4 * 1_073_741_824
export const DEFAULT_COMPRESS_AFTER_DAYS = 7
export const DEFAULT_DELETE_AFTER_DAYS = 30

export const DATABASE = Object.freeze({
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 15_000,
  /** After this long without an answer to a batch its connection is given up. */
  writeTimeoutMs: 25_000,
  /** The same for a question of the API. */
  readTimeoutMs: 20_000,
  /** Answer of the drain's thread to a question about the embedded database. */
  embeddedDeadlineMs: 15_000,
  readers: 4,
})

/** Longest wait for a receiver to which events are sent on. */
export const FORWARD_TIMEOUT_MS = 10_000

/** How long `flush()` and `close()` wait for the database before they leave the rest on disk. */
export const FLUSH_TIMEOUT_MS = 5_000
