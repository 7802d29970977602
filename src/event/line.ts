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

function toLine(log: 'event' | 'error', event: object): string {
  const body = `{"v":${LINE_VERSION},"log":"${log}",${JSON.stringify(event).slice(1, -1)}`
  return `${body},"crc":"${toHex(crc32(body))}"}\n`
}

export const eventToLine = (event: Event): string => toLine('event', event)
export const errorToLine = (error: ErrorEvent): string => toLine('error', error)

const TAIL = /,"crc":"([0-9a-f]{8})"\}$/
const TAIL_LENGTH = ',"crc":"00000000"}'.length

const damaged = (reason: string): Parsed => ({ log: 'damaged', reason })

/** Reads one line without its newline; a damaged one says why. */
export function parseLine(bytes: Buffer): Parsed {
  const tail = TAIL.exec(bytes.toString('latin1', Math.max(0, bytes.length - TAIL_LENGTH)))
  if (!tail) return damaged('the line has no checksum at its end')
  const body = bytes.subarray(0, bytes.length - TAIL_LENGTH)
  if (toHex(crc32(body)) !== tail[1]) return damaged('the checksum does not match')
  const { v, log, crc, ...event } = JSON.parse(bytes.toString('utf8'))
  if (v !== LINE_VERSION) return damaged(`line version ${v} is not known to this release`)
  return log === 'event' || log === 'error' ? { log, event } : damaged(`unknown log "${log}"`)
}
