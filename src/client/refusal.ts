/** The API said no, or (status 0) nobody answered. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  /**
   * HTTP status; 0 when there was no answer. Without a question it is 401 of a key that no header can hold, and 400 of a
   * `baseUrl` that is none.
   */
  readonly status: number
  /** The problem as the API gave it (RFC 9457), when it gave one. */
  readonly problem: Readonly<Record<string, unknown>> | undefined
  constructor(status: number, message: string, problem?: Readonly<Record<string, unknown>>) {
    super(message)
    this.status = status
    this.problem = problem
  }
}
