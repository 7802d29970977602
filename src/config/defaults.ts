/** Every default, once, with its unit in its name. */

export const DEFAULT_DIR = '.daybook'
/** Taken where it lies in the working directory. */
export const DEFAULT_CONFIG_FILE = 'daybook.json'
export const DEFAULT_HOST = '127.0.0.1'
/** Where an OpenTelemetry exporter sends when nobody told it where. */
export const DEFAULT_PORT = 4318
/** The name OpenTelemetry gives a service that has none. */
export const DEFAULT_SERVICE = 'unknown_service:node'
export const DEFAULT_TENANT = 'default'
export const DEFAULT_RETENTION_EVENTS_DAYS = 30
export const DEFAULT_RETENTION_ERRORS_DAYS = 90
export const MIN_ADMIN_KEY_CHARS = 16
/** Requests a second. */
export const DEFAULT_RATE_LIMIT = 200
/** Pages that poll, with a few tabs open, must not meet it. */
export const MIN_RATE_LIMIT = 50

/** Of `daybook serve`: how long a request may take to arrive. */
export const SERVER = Object.freeze({ headersMs: 15_000, requestMs: 300_000, checkMs: 2_000 })

/** Bounds of one event, applied after redaction. */
export const LIMITS = Object.freeze({
  /** Nesting of `payload`, `metadata` and `detail`. PGlite loses a row at about 7,000. */
  depth: 32,
  /** Members of one object or array. */
  breadth: 1_000,
  /** Characters of one string inside of JSON. */
  stringChars: 16_384,
  /** Characters of all keys and strings of one JSON column together, before what is secret in them goes. */
  jsonChars: 262_144,
  /** Characters of one text column; descriptions, comments, messages and stacks get `longTextChars`. */
  textChars: 1_024,
  longTextChars: 16_384,
  /** Items of `files_changed` and `risk_factors`. */
  listItems: 1_000,
})

/** How far ahead of this machine's clock an event's time may be before it is replaced by the clock's. */
export const MAX_AHEAD_MS = 24 * 3_600_000

/** Where the process tells of its own life at all. */
export const DEFAULT_SYSTEM_METRICS_SECONDS = 60

/** Of one address, that no route answers. */
export const DEFAULT_FLOOD_PER_MINUTE = 600

export const DEFAULT_SLOW_MS = 1_000
export const DEFAULT_SLOW_DB_MS = 500
export const DEFAULT_SENSITIVE_PATHS = Object.freeze([
  /\/(?:admin|auth|oauth2?|sso|log-?in|log-?out|sign-?(?:in|up)|passwords?|reset-password|tokens?|api-?keys?|mfa|2fa|billing|payments?|checkout|roles?|permissions?|exports?|backups?|impersonate)(?:\/|$)/i,
])
export const MIN_HASH_KEY_CHARS = 16
export const DEFAULT_BODY_MAX_BYTES = 16_384

/** Reports of errors by front ends, of all but admins. */
export const REPORTS = Object.freeze({ perAddress: 30, inTotal: 300, windowMs: 60_000 })
/** Of one export, unpacked: the specification's advice. */
export const DEFAULT_OTLP_MAX_BYTES = 64 * 1_048_576

/** Streams, exports and replays that may be open, in all and with one key. */
export const DEFAULT_STREAM_MAX_CLIENTS = 1_000
export const DEFAULT_STREAM_MAX_CLIENTS_PER_KEY = 100

export const LIVE = Object.freeze({
  /** Rows of one look. They may be large, and there are several copies of them. */
  pageRows: 250,
  exportRows: 500,
  /** What is kept for clients that come back soon. */
  keptRows: 1_000,
  keptChars: 8 * 1_048_576,
  /** Longest time until rows of other processes are seen. */
  pollMs: 250,
  /** A client with more than this unsent is cut off. */
  budgetBytes: 1_048_576,
  /** A client of the past that takes nothing for so long is, too. */
  stalledMs: 30_000,
  heldMs: 5_000,
  aliveMs: 15_000,
  /** A key that is revoked ends its streams within 5 s. */
  recheckMs: 2_500,
  ownTenant: DEFAULT_TENANT,
})

export const DRAIN = Object.freeze({
  /** Lines of one transaction: the first ones, and how few and many it may become. */
  batchLines: 2_000,
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

/** Of the readers one is always left for other keys. */
export const TURNS = Object.freeze({ atOnce: DATABASE.readers - 1, waiting: 100 })

/** How a COMMIT whose answer was lost is asked for. */
export const LOOKS = Object.freeze({
  /** Pauses between two questions grow from the first to the second. */
  minMs: 250,
  maxMs: 10_000,
  /** Then nobody knows. */
  giveUpMs: 300_000,
  askMs: 2_000,
  /** Of further ones at once nobody knows either. */
  atOnce: 1_000,
})

/** Events of one export to it, at most. */
export const FORWARD_LINES = 1_000
/** Longest wait for a receiver to which events are sent on. */
export const FORWARD_TIMEOUT_MS = 10_000

/** How long `flush()` and `close()` wait for the database before they leave the rest on disk. */
export const FLUSH_TIMEOUT_MS = 5_000
