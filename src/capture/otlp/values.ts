/** AnyValue and KeyValue of protobuf → attributes. */
import type { AttributeValue } from '../otel/span.ts'
import {
  type Cursor,
  enter,
  readDouble,
  readEncoded,
  readInt64,
  readName,
  readTag,
  readText,
  refuse,
  skip,
} from './wire.ts'

/** Levels of arrays and objects in a value. */
const MAX_DEPTH = 40

export type Members = Record<string, AttributeValue | undefined>

export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw refuse(`a value in it has more than ${MAX_DEPTH} levels`)
}

/** The last of two members of one name stays. */
export function setMember(members: Members, key: string, value: AttributeValue): void {
  if (key === '__proto__')
    Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true })
  else members[key] = value
}

const STRING = 0x0a
const BOOL = 0x10
const INT = 0x18
const DOUBLE = 0x21
const ARRAY = 0x2a
const KVLIST = 0x32
const RAW = 0x3a
const LAST_FIELD = 7

/** Null for a value that is not set. */
export function readValue(cursor: Cursor, depth = 0): AttributeValue {
  checkDepth(depth)
  const outer = enter(cursor)
  let value: AttributeValue = null
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor)
    if (tag === STRING) value = readText(cursor)
    else if (tag === INT) value = readInt64(cursor)
    else if (tag === BOOL) value = readInt64(cursor) !== 0
    else if (tag === DOUBLE) value = readDouble(cursor)
    else if (tag === ARRAY) value = readList(cursor, depth)
    else if (tag === KVLIST) value = readMembers(cursor, depth)
    else if (tag === RAW) value = readEncoded(cursor, 'base64')
    else skipUnknown(cursor, tag, LAST_FIELD)
  }
  cursor.end = outer
  return value
}

const FIRST = 0x0a
const SECOND = 0x12

function readList(cursor: Cursor, depth: number): AttributeValue[] {
  const outer = enter(cursor)
  const items: AttributeValue[] = []
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor)
    if (tag === FIRST) items.push(readValue(cursor, depth + 1))
    else skipUnknown(cursor, tag, 1)
  }
  cursor.end = outer
  return items
}

function readMembers(cursor: Cursor, depth: number): Members {
  const outer = enter(cursor)
  const members: Members = {}
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor)
    if (tag === FIRST) readMember(cursor, members, depth + 1)
    else skipUnknown(cursor, tag, 1)
  }
  cursor.end = outer
  return members
}

/** One KeyValue. */
export function readMember(cursor: Cursor, into: Members, depth = 0): void {
  const outer = enter(cursor)
  let key = ''
  let value: AttributeValue = null
  while (cursor.at < cursor.end) {
    const tag = readTag(cursor)
    if (tag === FIRST) key = readName(cursor)
    else if (tag === SECOND) value = readValue(cursor, depth)
    else skipUnknown(cursor, tag, 2)
  }
  cursor.end = outer
  setMember(into, key, value)
}

/** Of the fields that we know, none may come as something else. */
export function skipUnknown(cursor: Cursor, tag: number, lastKnown: number): void {
  if (tag >>> 3 <= lastKnown) throw refuse('a field in it is of another kind than it must be')
  skip(cursor, tag & 7)
}
