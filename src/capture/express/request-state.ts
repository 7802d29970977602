/** What is known of a request while it is under way. */
import type { Request } from 'express'
import type { Identity } from '../../event/event.ts'
import type { TraceIds } from '../trace.ts'
import { createPrivateField } from './private-field.ts'

export interface RequestIds {
  readonly trace: TraceIds
  readonly request_id: string
}

/** Primitives only, but for `thrown`: nothing here outlives the response. */
export interface RequestState {
  /** Whose state it is: a request may enter several event logs. */
  readonly owner: object
  readonly next: RequestState | undefined
  readonly ids: RequestIds
  readonly startMs: number
  /** Read on entering: a socket that was closed no longer tells its address. */
  readonly source_ip: string | undefined
  /** Bytes that the socket had sent for the requests before. */
  readonly sentBefore: number
  /** Set by `errorHandler` when something was thrown that no 4xx answers. */
  hasError: boolean
  /** That something, which may pass several error handlers of ours. */
  thrown: unknown
  /** Taken early when an error must name the request's event. */
  identity: Identity | undefined
  /** Our own routes are not recorded. */
  isOwn: boolean
  /** Undefined until it has been decided on, where arrivals are events. */
  arrival: 'logged' | 'left out' | undefined
}

/** One for all event logs of the process, so that a request has the same ids in each of them. */
export const firstStates = createPrivateField<RequestState>()

export function stateOf(req: Request, owner: object): RequestState | undefined {
  let state = firstStates.read(req)
  while (state && state.owner !== owner) state = state.next
  return state
}
