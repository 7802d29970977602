/** What a handler gets and gives: it sees no HTTP, so that whatever leaves goes through the contract. */
import type { Request, Response } from 'express'
import type { Viewer } from '../event/viewer.ts'

export interface Call {
  readonly viewer: Viewer
  /** Query parameters as the contract describes them. */
  readonly query: Readonly<Record<string, unknown>>
  /** The id in the path, whatever it is called there, or nothing. */
  readonly id: string
  /** Everything that the path names. */
  readonly params: Readonly<Record<string, string>>
  /** The body as the contract describes it. */
  readonly body: unknown
  /** The header `Idempotency-Key`. */
  readonly idempotencyKey: string | undefined
  /** Where the API is mounted, such as `/daybook`; empty at the root. */
  readonly mount: string
  /** As its browser says. */
  readonly sender: { readonly origin: string | undefined; readonly user_agent: string | undefined }
}

export interface Answer<Body = object | string | null> {
  readonly status: number
  /** Text is sent as it is, null not at all, anything else as JSON. */
  readonly body: Body
  readonly headers?: Readonly<Record<string, string>>
}

export type Handler = (call: Call) => Answer | Promise<Answer>

/** Handlers by `operationId`. */
export type Handlers = Readonly<Record<string, Handler>>

/** What answers bit by bit: its request has passed all checks, its answer is its own. */
export type Pour = (call: Call, req: Request, res: Response) => Promise<void>

/** By `operationId`. */
export type Pours = Readonly<Record<string, Pour>>
