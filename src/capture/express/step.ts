/** What a step of a request's closing works on. */
import type { Request, Response } from 'express'
import type { RequestDraft } from '../../event/event.ts'
import type { FoundThreat } from '../../event/ports/sink.ts'
import type { LastChunk } from './ending.ts'
import type { RequestState } from './request-state.ts'

export interface Closing {
  readonly req: Request
  readonly res: Response
  readonly state: RequestState
  readonly last: LastChunk | undefined
  readonly draft: RequestDraft
  threats?: readonly FoundThreat[] | undefined
}

/** Changes the draft; false when there is to be no event. */
export type Step = (closing: Closing) => boolean

/** Adds to the metadata of its event. */
export const note = (draft: RequestDraft, fields: object): void => {
  draft.metadata = { ...(draft.metadata as object | undefined), ...fields }
}
