/** Copies of what a host hands in, made without trusting it: its members may throw, and it is not kept. */
import type { Draft } from '../event/event.ts'

/** The members of an object; of one that throws, those that can be read, and the names of the others. Never throws. */
export function readFact(given: unknown): Partial<Draft> {
  if (typeof given !== 'object' || given === null) return {}
  try {
    return { ...given }
  } catch {
    return readEach(given)
  }
}

function readEach(given: object): Partial<Draft> {
  try {
    const names = Object.keys(given)
    const unreadable = names.filter((name) => !isReadable(given, name))
    const readable = names.filter((name) => !unreadable.includes(name))
    return { metadata: { unreadable }, ...Object.fromEntries(readable.map((name) => [name, read(given, name)])) }
  } catch {
    return { metadata: { unreadable: true } }
  }
}

function isReadable(from: object, name: string): boolean {
  try {
    Reflect.get(from, name)
    return true
  } catch {
    return false
  }
}

/** One member; undefined where there is none or it throws. Never throws. */
export function read(from: unknown, name: string): unknown {
  try {
    return Object(from)[name]
  } catch {
    return undefined
  }
}

/** Puts in what a draft does not know; `undefined` (`user_id: req.user?.id`) is not knowing. */
export function fill<D extends object>(draft: D, columns: Partial<D>): D {
  for (const name of Object.keys(columns) as (keyof D)[]) {
    const value = columns[name]
    if (draft[name] === undefined && value !== undefined) draft[name] = value
  }
  return draft
}

/** Members on top of JSON that need not be an object. */
export function join(json: unknown, members: object): object {
  if (json === undefined || json === null) return members
  try {
    const prototype: unknown = typeof json === 'object' ? Object.getPrototypeOf(json) : undefined
    const isPlain = prototype === Object.prototype || prototype === null
    // What has a form of its own keeps it, below a name.
    if (isPlain && typeof read(json, 'toJSON') !== 'function') return { ...(json as object), ...members }
  } catch {
    // It goes on as it is; what seals events finds a word for it.
  }
  return { value: json, ...members }
}
