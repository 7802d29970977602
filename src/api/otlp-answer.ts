/** What OTLP exporters are answered: Export…ServiceResponse and google.rpc.Status, in the encoding in which they ask. */
import type { OtlpEncoding, Signal } from '../event/ports/otlp.ts'

export const MEDIA_TYPES = { protobuf: 'application/x-protobuf', json: 'application/json' } as const

export type OtlpSignal = Signal | 'metrics'

export interface Rejection {
  readonly rejected: number
  readonly reason: string | undefined
}

const REJECTED = { traces: 'rejectedSpans', logs: 'rejectedLogRecords', metrics: 'rejectedDataPoints' } as const

/** Says nothing when there is nothing to say: that is how it says that all is well. */
export function encodeAnswer(signal: OtlpSignal, { rejected, reason = '' }: Rejection, encoding: OtlpEncoding): Buffer {
  const isWhole = rejected === 0 && reason === ''
  if (encoding === 'protobuf')
    return isWhole ? Buffer.alloc(0) : encodeBytes(1, Buffer.concat([encodeInt(1, rejected), encodeText(2, reason)]))
  // 64-bit integers are text in the JSON of protobuf.
  const partialSuccess = { [REJECTED[signal]]: String(rejected), errorMessage: reason }
  return Buffer.from(JSON.stringify(isWhole ? {} : { partialSuccess }))
}

/** Numbers of google.rpc.Code by HTTP status. */
const CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 413: 3, 415: 3, 500: 13, 503: 14 }
const UNKNOWN = 2

export function encodeStatus(status: number, message: string, encoding: OtlpEncoding): Buffer {
  const code = CODES[status] ?? UNKNOWN
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }))
  return Buffer.concat([encodeInt(1, code), encodeText(2, message)])
}

function encodeVarint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return [...bytes, rest]
}

const encodeInt = (field: number, value: number): Buffer => Buffer.from([field * 8, ...encodeVarint(value)])
const encodeBytes = (field: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([field * 8 + 2, ...encodeVarint(bytes.length)]), bytes])
const encodeText = (field: number, text: string): Buffer => encodeBytes(field, Buffer.from(text))
