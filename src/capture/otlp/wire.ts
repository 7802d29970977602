/** The protobuf wire format, as little of it as OTLP needs: https://protobuf.dev/programming-guides/encoding/ */
import { Fault } from '../../event/fault.ts'

/** Where reading is. Nothing is read beyond `end`, the end of the message that is being read. */
export interface Cursor {
  readonly bytes: Buffer
  readonly view: DataView
  at: number
  end: number
  /** How many more messages and values may be read. */
  parts: number
}

export const VARINT = 0
export const FIXED64 = 1
export const BYTES = 2
export const FIXED32 = 5
export type Wire = typeof VARINT | typeof FIXED64 | typeof BYTES | typeof FIXED32

export function toCursor(body: Uint8Array, parts: number): Cursor {
  const { buffer, byteOffset, byteLength } = body
  return {
    bytes: Buffer.from(buffer, byteOffset, byteLength),
    view: new DataView(buffer, byteOffset, byteLength),
    at: 0,
    end: byteLength,
    parts,
  }
}

export const refuse = (what: string): Fault => new Fault('invalid_request', `This is no OTLP export, ${what}.`)

const LOW_BITS = 0x7f
const MORE = 0x80
const UINT32 = 2 ** 32

/** Two halves of 32 bits: the low one is returned, the high one left here. */
let high = 0

/** A varint of at most ten bytes. */
function readHalves(cursor: Cursor): number {
  const { bytes, end } = cursor
  let at = cursor.at
  let low = 0
  high = 0
  for (let shift = 0; shift < 70; shift += 7) {
    if (at >= end) throw refuse('it ends within a number')
    const byte = bytes[at++] as number
    const bits = byte & LOW_BITS
    if (shift < 28) low |= bits << shift
    else if (shift === 28) {
      low |= bits << 28
      high = bits >>> 4
    } else if (shift < 63) high |= bits << (shift - 32)
    else if (byte > 1) break
    else high |= bits << 31
    if (byte < MORE) {
      cursor.at = at
      high >>>= 0
      return low >>> 0
    }
  }
  throw refuse('a number in it is too long')
}

/** For tags, lengths and enums, of which nearly all have one byte. */
export function readUint(cursor: Cursor): number {
  const byte = cursor.at < cursor.end ? (cursor.bytes[cursor.at] as number) : MORE
  if (byte < MORE) {
    cursor.at++
    return byte
  }
  const low = readHalves(cursor)
  return high * UINT32 + low
}

/** A number where it can hold it, else decimal text. */
export function readInt64(cursor: Cursor): number | string {
  const low = readHalves(cursor)
  const number = (high | 0) * UINT32 + low
  if (Number.isSafeInteger(number)) return number
  return String((BigInt(high | 0) << 32n) | BigInt(low))
}

const MAX_TAG = UINT32 - 1

/** Field number times eight, and how the field is written. */
export function readTag(cursor: Cursor): number {
  const tag = readUint(cursor)
  if (tag > MAX_TAG || tag < 8) throw refuse('it has a field of an impossible number')
  return tag
}

/** The end of what follows; it lies within the message that is being read. */
export function readEnd(cursor: Cursor): number {
  const end = readUint(cursor) + cursor.at
  if (end > cursor.end) throw refuse('it ends too early')
  return end
}

function pass(cursor: Cursor, bytes: number): number {
  const at = cursor.at
  if (at + bytes > cursor.end) throw refuse('it ends within a number')
  cursor.at = at + bytes
  return at
}

export const readDouble = (cursor: Cursor): number => cursor.view.getFloat64(pass(cursor, 8), true)

const EXACT_HIGH = 2_000_000_000

/** Nanoseconds → whole microseconds, exactly until the year 2242. */
export function readMicros(cursor: Cursor): number {
  const at = pass(cursor, 8)
  const low = cursor.view.getUint32(at, true)
  const top = cursor.view.getUint32(at + 4, true)
  if (top > EXACT_HIGH) return Number(((BigInt(top) << 32n) | BigInt(low)) / 1000n)
  return top * 4_294_967 + Math.floor((top * 296 + low) / 1000)
}

/** Bytes that are no UTF-8 become U+FFFD. */
export function readText(cursor: Cursor): string {
  const end = readEnd(cursor)
  const text = cursor.bytes.toString('utf8', cursor.at, end)
  cursor.at = end
  return text
}

/** A power of two. */
const KEPT_NAMES = 1_024
const MAX_KEPT_BYTES = 64
const names: ({ readonly bytes: Uint8Array; readonly text: string } | undefined)[] = []

/** A text of which few come again and again, as the names of attributes: to compare them is quicker than to decode. */
export function readName(cursor: Cursor): string {
  const { bytes, at } = cursor
  const end = readEnd(cursor)
  const from = cursor.at
  if (end - from > MAX_KEPT_BYTES) {
    cursor.at = at
    return readText(cursor)
  }
  cursor.at = end
  let hash = 0
  for (let i = from; i < end; i++) hash = (hash * 31 + (bytes[i] as number)) | 0
  const slot = hash & (KEPT_NAMES - 1)
  const kept = names[slot]
  if (kept !== undefined && isSame(kept.bytes, bytes, from, end)) return kept.text
  const text = bytes.toString('utf8', from, end)
  names[slot] = { bytes: Uint8Array.from(bytes.subarray(from, end)), text }
  return text
}

function isSame(kept: Uint8Array, bytes: Uint8Array, from: number, end: number): boolean {
  if (kept.length !== end - from) return false
  for (let i = 0; i < kept.length; i++) if (kept[i] !== bytes[from + i]) return false
  return true
}

export function readEncoded(cursor: Cursor, encoding: 'base64' | 'hex'): string {
  const end = readEnd(cursor)
  const text = cursor.bytes.toString(encoding, cursor.at, end)
  cursor.at = end
  return text
}

/** A field that we don't know. */
export function skip(cursor: Cursor, wire: number): void {
  if (wire === VARINT) readHalves(cursor)
  else if (wire === FIXED64) pass(cursor, 8)
  else if (wire === BYTES) cursor.at = readEnd(cursor)
  else if (wire === FIXED32) pass(cursor, 4)
  else throw refuse('it has a field of a kind that is not used')
}

/** Goes into a message; gives the end of the one that it is in, which is to be put back. */
export function enter(cursor: Cursor): number {
  const outer = cursor.end
  cursor.end = readEnd(cursor)
  countPart(cursor)
  return outer
}

/** Few bytes can ask for many objects. */
export function countPart(budget: { parts: number }): void {
  if (--budget.parts < 0) throw refuse('or one of too many parts; send it in several')
}
