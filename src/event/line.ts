/**
 * Event ⇄ line of a segment. A line is plain JSON that anyone can read:
 * `{"v":1,"log":"event","id":"…",…,"crc":"9f3b2a10"}`, whose `crc` is the CRC-32 of all bytes before `,"crc"`.
 */
import { crc32 } from 'node:zlib'
import type { ErrorEvent, Event } from './event.ts'
import { isUuid } from './id.ts'

export const LINE_VERSION = 1

export type Parsed =
  | { readonly log: 'event'; readonly event: Event }
  | { readonly log: 'error'; readonly event: ErrorEvent }
  | { readonly log: 'damaged'; readonly reason: string }

const toHex = (sum: number): string => sum.toString(16).padStart(8, '0')

const toHead = (log: Parsed['log']): string => `{"v":${LINE_VERSION},"log":"${log}",`
const EVENT_HEAD = toHead('event')
const ERROR_HEAD = toHead('error')

function toLine(head: string, event: object): string {
  const body = `${head}${escapeActive(JSON.stringify(event).slice(1, -1))}`
  return `${body},"crc":"${toHex(crc32(body))}"}\n`
}

/** JSON leaves these as they are, but a terminal obeys them, or some readers end a line at them. */
const ACTIVE = /[\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Text in which each character is one byte has none of them. */
const escapeActive = (json: string): string =>
  Buffer.byteLength(json) === json.length ? json : json.replace(ACTIVE, toEscape)

const toEscape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

export const eventToLine = (event: Event): string => toLine(EVENT_HEAD, event)
export const errorToLine = (error: ErrorEvent): string => toLine(ERROR_HEAD, error)

const TAIL = /,"crc":"([0-9a-f]{8})"\}$/
const TAIL_LENGTH = ',"crc":"00000000"}'.length

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
      return checked({ log: 'event', event: JSON.parse(`{${body.slice(EVENT_HEAD.length)}}`) })
    if (body.startsWith(ERROR_HEAD))
      return checked({ log: 'error', event: JSON.parse(`{${body.slice(ERROR_HEAD.length)}}`) })
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
