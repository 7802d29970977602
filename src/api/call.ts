/** What a handler gets and gives: it sees no HTTP, so that whatever leaves goes through the contract. */
import type { Viewer } from '../event/viewer.ts'

export interface Call {
  readonly viewer: Viewer
  /** Query parameters as the contract describes them. */
  readonly query: Readonly<Record<string, unknown>>
  /** The id in the path, or nothing. */
  readonly id: string
  /** The body as the contract describes it. */
  readonly body: unknown
  /** Where the API is mounted, such as `/daybook`; empty at the root. */
  readonly mount: string
  /** As its browser says. */
  readonly sender: { readonly origin: string | undefined; readonly user_agent: string | undefined }
}

export interface Answer<Body = object | string> {
  readonly status: number
  /** Text is sent as it is, anything else as JSON. */
  readonly body: Body
}

export type Handler = (call: Call) => Answer | Promise<Answer>

/** Handlers by `operationId`. */
export type Handlers = Readonly<Record<string, Handler>>
