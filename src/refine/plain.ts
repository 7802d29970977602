/** The plain form of the objects that JSON would drop or misread. */
import { types } from 'node:util'

/** Stands for what throws when it is read. */
export const UNREADABLE = '[UNREADABLE]'

/** Members of one Error, Map or Set that are looked at. */
const MAX_MEMBERS = 1_001
/** The digits of larger integers take long to find. */
const MAX_BIGINT = 1n << 1024n

export const toDigits = (integer: bigint): string =>
  integer < MAX_BIGINT && integer > -MAX_BIGINT ? integer.toString() : '[BIGINT]'

export function readMember(from: object, key: string | number): unknown {
  try {
    return (from as Readonly<Record<string | number, unknown>>)[key]
  } catch {
    return UNREADABLE
  }
}

/** Of a `Date`, `Map`, `URL` and the like; an object that is plain already is given back. Throws what its members throw. */
export function toPlain(raw: object): unknown {
  if (Array.isArray(raw)) return raw
  const prototype: unknown = Object.getPrototypeOf(raw)
  const isPlain = prototype === Object.prototype || prototype === null
  return (isPlain ? undefined : toKnown(raw)) ?? ofToJSON(raw)
}

function toKnown(raw: object): unknown {
  if (types.isDate(raw)) return Number.isNaN(raw.getTime()) ? 'Invalid Date' : raw.toISOString()
  if (types.isNativeError(raw) || raw instanceof Error) return ofError(raw)
  if (types.isMap(raw)) return toMembers(take(raw))
  if (types.isSet(raw)) return take(raw)
  if (ArrayBuffer.isView(raw) || types.isAnyArrayBuffer(raw)) return `[${raw.byteLength} BYTES]`
  if (types.isRegExp(raw) || raw instanceof URL || raw instanceof URLSearchParams) return String(raw)
  if (types.isBoxedPrimitive(raw)) return raw.valueOf()
  return isHeaders(raw) ? toMembers(take(raw)) : undefined
}

/** Members of an error are not enumerable, the errors of an AggregateError among them. */
function ofError(error: Error): object {
  const names = [...take(Object.keys(error)), 'name', 'message', 'stack', 'cause', 'errors']
  return toMembers(names.map((name) => [name, readMember(error, name)]))
}

function toMembers(entries: readonly (readonly [unknown, unknown])[]): object {
  return Object.fromEntries(
    entries.map(([key, value]) => [typeof key === 'bigint' ? toDigits(key) : String(key), value]),
  )
}

/** By its tag: to name the class would load the whole of `fetch`. */
const isHeaders = (raw: object): raw is Iterable<[string, string]> =>
  Object.prototype.toString.call(raw) === '[object Headers]' && Symbol.iterator in raw

function ofToJSON(raw: object): unknown {
  const { toJSON } = raw as { toJSON?: unknown }
  return typeof toJSON === 'function' ? toJSON.call(raw) : raw
}

/** What a Buffer makes of itself for JSON: the bytes of a text are as readable as the text. */
export const isBufferJson = (raw: object, keys: readonly string[]): boolean =>
  keys.length === 2 && keys[0] === 'type' && keys[1] === 'data' && readMember(raw, 'type') === 'Buffer'

function take<T>(from: Iterable<T>): T[] {
  const taken: T[] = []
  for (const item of from) {
    if (taken.length >= MAX_MEMBERS) break
    taken.push(item)
  }
  return taken
}
