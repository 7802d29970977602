/** One trace of one tenant, as far as its spans need to know of each other. */
import type { Operation } from './dialect.ts'

/** Told of an ancestor, and so of all below it that don't say otherwise. */
export interface Ids {
  readonly session_id?: string | undefined
  readonly user_id?: string | undefined
  readonly project_id?: string | undefined
  readonly agent_id?: string | undefined
}

/** A span as far as others need it. */
export interface Known {
  readonly parent_span_id: string | undefined
  readonly operation: Operation
  readonly startMicros: number
  readonly tool_name: string | undefined
  readonly tool_call_id: string | undefined
  /** When a model asked for the call. */
  readonly askedMicros: number | undefined
  readonly ids: Ids
}

/** A call that a model asked for and no tool's span has taken yet. */
export interface OpenCall {
  readonly id: string
  readonly name: string
  readonly askedMicros: number
}

export interface Seen {
  readonly span_id: string | undefined
  readonly what: string
  readonly own_id?: string | undefined
}

/** One trace of one tenant. */
export interface Trace {
  find(span_id: string): Known | undefined
  remember(span_id: string, known: Known): void
  /** Opens a call until a tool's span takes it: by its id, else the oldest of this tool. */
  open(call: OpenCall): void
  take(call: { readonly id: string | undefined; readonly name: string }): OpenCall | undefined
  /** Exceptions of the trace that were told. */
  readonly seen: readonly Seen[]
  see(seen: Seen): void
  /** When the last span below one ended. */
  lastBelow(span_id: string): number | undefined
  end(parent_span_id: string, micros: number): void
  /** Users' messages of a call of a model that were counted up to now, when each is a log record. */
  count(span_id: string): number
}

/** As the one who bounds it sees it. */
export interface OwnTrace extends Trace {
  readonly bytes: number
  /** Gives the bytes that are free now. */
  clear(): number
}

/** Longer ones are cut when they are stored, and are not worth remembering. */
const MAX_CHARS = 1_024
const ENTRY_BYTES = 256

export function createTrace(onGrow: (bytes: number) => void): OwnTrace {
  const spans = new Map<string, Known>()
  const counts = new Map<string, number>()
  const ends = new Map<string, number>()
  const seen: Seen[] = []
  let open: OpenCall[] = []
  let bytes = 0
  const grow = (size: number): void => {
    bytes += size
    onGrow(size)
  }
  const add = (size: number): void => grow(ENTRY_BYTES + size)
  return {
    get bytes() {
      return bytes
    },
    clear() {
      const freed = bytes
      for (const part of [spans, counts, ends]) part.clear()
      seen.length = 0
      open = []
      bytes = 0
      return freed
    },
    find: (span_id) => spans.get(span_id),
    remember(span_id, known) {
      const before = spans.get(span_id)
      spans.set(span_id, known)
      if (!before) add(sizeOf(known))
      else grow(sizeOf(known) - sizeOf(before))
    },
    open(call) {
      if (call.id.length + call.name.length > MAX_CHARS) return
      open.push(call)
      add(call.id.length + call.name.length)
    },
    take({ id, name }) {
      const call = open.find((one) => (id === undefined ? one.name === name : one.id === id))
      open = open.filter((one) => one !== call)
      return call
    },
    lastBelow: (span_id) => ends.get(span_id),
    end(parent_span_id, micros) {
      const last = ends.get(parent_span_id)
      if (last === undefined) add(0)
      ends.set(parent_span_id, Math.max(last ?? 0, micros))
    },
    seen,
    see(one) {
      seen.push(one)
      add(one.what.length + (one.own_id?.length ?? 0))
    },
    count(span_id) {
      const count = (counts.get(span_id) ?? 0) + 1
      counts.set(span_id, count)
      if (count === 1) add(0)
      return count
    },
  }
}

const sizeOf = ({ ids, tool_name, tool_call_id }: Known): number =>
  [...Object.values(ids), tool_name, tool_call_id].reduce(
    (sum, text: string | undefined) => sum + (text?.length ?? 0),
    0,
  )

/** Without what is too long to be kept. */
export const toKept = (ids: Ids): Ids =>
  Object.fromEntries(Object.entries(ids).filter(([, id]) => toShort(id) !== undefined))

export const toShort = (text: string | undefined): string | undefined =>
  text !== undefined && text.length <= MAX_CHARS ? text : undefined
