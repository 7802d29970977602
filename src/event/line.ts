/**
 * Event ⇄ line of a segment. A line is plain JSON that anyone can read:
 * `{"v":1,"log":"event","id":"…",…,"crc":"9f3b2a10"}`, whose `crc` is the CRC-32 of all bytes before `,"crc"`.
 */
import { crc32 } from 'node:zlib'
import type { ErrorEvent, Event } from './event.ts'

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
  const body = `${head}${JSON.stringify(event).slice(1, -1)}`
  return `${body},"crc":"${toHex(crc32(body))}"}\n`
}

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
    if (body.startsWith(EVENT_HEAD)) return { log: 'event', event: JSON.parse(`{${body.slice(EVENT_HEAD.length)}}`) }
    if (body.startsWith(ERROR_HEAD)) return { log: 'error', event: JSON.parse(`{${body.slice(ERROR_HEAD.length)}}`) }
    const { v, log } = JSON.parse(`${body}}`)
    return damaged(v === LINE_VERSION ? `unknown log "${log}"` : `line version ${v} is not known to this release`)
  } catch {
    return damaged('the line is not JSON')
  }
}
