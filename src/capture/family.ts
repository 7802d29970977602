/** What turns a table of event types into one typed method each. */
import type { STATUSES } from '../event/columns.ts'
import type { Draft, Event } from '../event/event.ts'
import { EVENT_TYPES, toEventType } from '../event/types.ts'
import { describe } from './describe.ts'
import { fill, readFact } from './facts.ts'

type Status = (typeof STATUSES)[number]

/** The statuses that the name of a type leaves open: what is called FAILED can't be a success. */
export type StatusOf<Type extends string> =
  Type extends `${string}_${'FAILURE' | 'FAILED' | 'ERROR' | 'DENIED' | 'EXPIRED'}`
    ? 'failure'
    : Type extends `${string}_${'COMPLETED' | 'GRANTED'}`
      ? 'success'
      : Type extends `${string}_REQUIRED`
        ? 'pending'
        : Status

/** Columns of one event of these types. What is left out gets a sensible value; `event_type` is the method's first one. */
export type Fact<Type extends string> = Type extends string
  ? Omit<Draft, 'event_type' | 'status'> & {
      event_type?: Type | undefined
      /** Default: what the other columns imply, such as `failure` for an `outcome` of `denied`; else the type's own. */
      status?: StatusOf<Type> | undefined
    }
  : never

/** What a type says when nothing else is said: its sentence, and columns. */
export type Usual = Partial<Draft> & { readonly says: string }

/** By method, its types, the usual one first. */
export type Table = Readonly<Record<string, Readonly<Record<string, Usual>>>>

/** Logs one event of the family. Never throws; undefined when it was dropped. */
export type Method<Type extends string> = (fact?: Fact<Type>) => Event | undefined

export type Families<T extends Table> = { readonly [Name in keyof T]: Method<keyof T[Name] & string> }

export function createFamilies<T extends Table>(table: T, log: (draft: Draft) => Event | undefined): Families<T> {
  const methods = Object.entries(table).map(([name, types]) => {
    const toDraft = createFamily(types)
    return [name, (fact?: unknown) => log(toDraft(fact))]
  })
  return Object.fromEntries(methods)
}

/** Gives the draft of one event of the family, with what its type usually says. */
export function createFamily(types: Table[string]): (fact: unknown) => Draft {
  const kinds = new Map(
    Object.entries(types).map(([type, { says, ...columns }]) => [
      type,
      { says, usual: { ...columns, ...ofName(type) } },
    ]),
  )
  const [first = ''] = kinds.keys()
  return (fact) => {
    const given = readFact(fact)
    const event_type = toType(given, kinds, first)
    const { says, usual }: Kind = kinds.get(event_type) ?? { says: event_type, usual: {} }
    const implied = toImplied(event_type, given)
    const draft: Draft = Object.assign(given, { event_type })
    fill(draft, implied ? { ...usual, ...implied } : usual)
    draft.action_description ??= describe(draft, says, usual.status)
    return draft
  }
}

interface Kind {
  readonly says: string
  readonly usual: Partial<Draft>
}

function toType(
  { event_type, status_code }: Partial<Draft>,
  kinds: ReadonlyMap<string, unknown>,
  usual: string,
): string {
  const asked = typeof event_type === 'string' ? toEventType(event_type) : ''
  if (kinds.has(asked)) return asked
  return kinds.has('API_ERROR') && typeof status_code === 'number' && status_code >= SERVER_ERROR ? 'API_ERROR' : usual
}

const ENDINGS: readonly [RegExp, Status][] = [
  [/_(FAILURE|FAILED|ERROR|DENIED|EXPIRED)$/, 'failure'],
  [/_(STARTED|REQUEST)$/, 'in_progress'],
  [/_(REQUIRED|PLANNED)$/, 'pending'],
]
/** A request that is logged by hand has been answered. */
const ENDED = new Set(['API_REQUEST'])

function ofName(type: string): Partial<Draft> {
  const status = ENDED.has(type) ? undefined : ENDINGS.find(([ending]) => ending.test(type))?.[1]
  return status === undefined ? {} : status === 'failure' ? { status, outcome: toOutcome(type) } : { status }
}

const CLIENT_ERROR = 400
const SERVER_ERROR = 500
const REFUSALS: readonly unknown[] = [401, 403]
const SPOILT: readonly unknown[] = ['denied', 'failed', 'rolled_back']

/** What some columns say about others: a failure has an outcome, and a bad outcome or answer is a failure. */
function toImplied(type: string, { status, outcome, status_code }: Partial<Draft>): Partial<Draft> | undefined {
  const isRefused = typeof status_code === 'number' && status_code >= CLIENT_ERROR
  if (status !== undefined && status !== 'failure') return { outcome: undefined }
  if (status === undefined && !SPOILT.includes(outcome) && !isRefused) return undefined
  if (!isRefused) return { status: 'failure', outcome: toOutcome(type) }
  if (REFUSALS.includes(status_code)) return { status: 'failure', outcome: 'denied' }
  return { status: 'failure', outcome: status_code >= SERVER_ERROR ? 'failed' : undefined }
}

const GUARDED: readonly unknown[] = ['authentication', 'authorization']

const toOutcome = (type: string): 'denied' | 'failed' =>
  type.endsWith('_DENIED') || GUARDED.includes(EVENT_TYPES.get(type)?.category) ? 'denied' : 'failed'
