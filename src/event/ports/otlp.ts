/** What OpenTelemetry exporters send. */

/** What became of one export of an OpenTelemetry exporter. All of it that was good is with the spool, unless `shed`. */
export interface Taken {
  /** Spans or log records that can't be told as events: without ids, say. They are not to be sent again. */
  readonly rejected: number
  /** Why the first of them was rejected. */
  readonly reason: string | undefined
  /** Events that found no room: the export is to be sent again, whole. What was kept of it is not stored twice. */
  readonly shed: number
}

export type Signal = 'traces' | 'logs'

export type OtlpEncoding = 'protobuf' | 'json'

export interface OtlpExport {
  readonly signal: Signal
  readonly encoding: OtlpEncoding
  /** Whose it is: what it says itself of its tenant does not count. */
  readonly tenant_id: string
  /** Set where the sender may only write what is its own. */
  readonly user_id?: string | undefined
  /** The trace of the request that brings it, which is not told: else telling it would be told, without an end. */
  readonly trace_id?: string | undefined
}

/** Takes what OpenTelemetry exporters send. */
export interface OtlpIntake {
  /** Throws Fault `invalid_request` for bytes that are not what they should be, and then has kept none of it. */
  take(body: Uint8Array, of: OtlpExport): Taken
}
