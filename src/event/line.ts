/**
 * Event ⇄ line of a segment. A line is plain JSON that anyone can read:
 * `{"v":1,"log":"event","id":"…",…,"crc":"9f3b2a10"}`, whose `crc` is the CRC-32 of all bytes before `,"crc"`.
 */
import { crc32 } from 'node:zlib'
import { escapeActive } from './active.ts'
import type { ErrorEvent, Event, EventText } from './event.ts'
import { isUuid } from './id.ts'
import { parseJson } from './json.ts'

export const LINE_VERSION = 1

export type Parsed =
  | { readonly log: 'event'; readonly event: Event }
  | { readonly log: 'error'; readonly event: ErrorEvent }
  | { readonly log: 'damaged'; readonly reason: string }

const toHex = (sum: number): string => sum.toString(16).padStart(8, '0')

const toHead = (log: Parsed['log']): string => `{"v":${LINE_VERSION},"log":"${log}",`
const EVENT_HEAD = toHead('event')
const ERROR_HEAD = toHead('error')

const COMMA = ','.charCodeAt(0)
const TAIL_BYTES = Buffer.from(',"crc":"00000000"}\n')
const TAIL_LENGTH = TAIL_BYTES.length - 1
const CRC_END = TAIL_BYTES.indexOf('"}') - 1
const HEX_DIGITS = Buffer.from('0123456789abcdef')

/** A character of JSON has up to three bytes, and six when it is escaped. */
const MAX_CHAR_BYTES = 6
const SHARED_BYTES = 65_536

/** Encodes once, in place, for the checksum and for the disk: each turn between text and bytes costs microseconds. */
function createEncoder(text: string): (json: string) => Buffer {
  const head = Buffer.from(text)
  const start = head.length - 1
  const shared = Buffer.allocUnsafeSlow(SHARED_BYTES)
  head.copy(shared)
  const take = (bytes: number): Buffer => {
    if (bytes <= SHARED_BYTES) return shared
    const own = Buffer.allocUnsafe(bytes)
    head.copy(own)
    return own
  }
  return (json) => {
    const line = take(head.length + json.length * MAX_CHAR_BYTES + TAIL_BYTES.length)
    const size = line.write(json, start)
    // Text in which each character is one byte has none that is escaped, and most other text neither.
    const safe = size === json.length ? json : escapeActive(json)
    const end = start - 1 + (safe === json ? size : line.write(safe, start))
    // The braces of the event's own JSON give way to the head's comma and to the tail.
    line[start] = COMMA
    return line.subarray(0, writeTail(line, end))
  }
}

function writeTail(line: Buffer, end: number): number {
  let crc = crc32(line.subarray(0, end))
  for (let i = 0; i < TAIL_BYTES.length; i++) line[end + i] = TAIL_BYTES[i] ?? 0
  for (let i = CRC_END; i > CRC_END - 8; i--) {
    line[end + i] = HEX_DIGITS[crc & 15] ?? 0
    crc >>>= 4
  }
  return end + TAIL_BYTES.length
}

/** The line with its newline. It is good until the next one is made, as most of them share one piece of memory. */
export const eventToBytes = (event: Event): Buffer => encodeEvent(JSON.stringify(event))
export const eventTextToBytes = ({ json }: EventText): Buffer => encodeEvent(json)
export const errorToBytes = (error: ErrorEvent): Buffer => encodeError(JSON.stringify(error))

const encodeEvent = createEncoder(EVENT_HEAD)
const encodeError = createEncoder(ERROR_HEAD)

const TAIL = /,"crc":"([0-9a-f]{8})"\}$/

const damaged = (reason: string): Parsed => ({ log: 'damaged', reason })

/** Reads one line without its newline; a damaged one says why. */
export function parseLine(bytes: Buffer): Parsed {
  const end = bytes.length - TAIL_LENGTH
  const tail = TAIL.exec(bytes.toString('latin1', Math.max(0, end)))
  if (!tail) return damaged('the line has no checksum at its end')
  if (toHex(crc32(bytes.subarray(0, end))) !== tail[1]) return damaged('the checksum does not match')
  const body = bytes.toString('utf8', 0, end)
  try {
    // Without the members before them, the rest are the event's own; to take those out of an object is slower.
    if (body.startsWith(EVENT_HEAD))
      return checked({ log: 'event', event: parseJson(`{${body.slice(EVENT_HEAD.length)}}`) as Event })
    if (body.startsWith(ERROR_HEAD))
      return checked({ log: 'error', event: parseJson(`{${body.slice(ERROR_HEAD.length)}}`) as ErrorEvent })
    const { v, log } = JSON.parse(`${body}}`)
    return damaged(
      v === LINE_VERSION ? `unknown log ${show(log)}` : `line version ${show(v)} is not known to this release`,
    )
  } catch {
    return damaged('the line is not JSON')
  }
}

/** The checksum says that this is what was written; not that a release of ours wrote it. */
const checked = (parsed: Exclude<Parsed, { log: 'damaged' }>): Parsed =>
  isUuid(parsed.event.id) && typeof parsed.event.created_at === 'string'
    ? parsed
    : damaged('the line has no id or no time')

const MAX_SHOWN = 32
const show = (value: unknown): string => (JSON.stringify(value) ?? 'undefined').slice(0, MAX_SHOWN)
