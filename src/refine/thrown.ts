/** Whatever was thrown → the columns of an error. JavaScript lets anything be thrown: null, text, a frozen Proxy. */

export interface Thrown {
  readonly error_type: string
  readonly message: string
  readonly stack?: string
  readonly detail?: object
}

const MAX_CAUSES = 5

export function toThrown(error: unknown): Thrown {
  try {
    return describe(error)
  } catch {
    return { error_type: 'Unreadable', message: 'What was thrown can not be read.' }
  }
}

function describe(error: unknown): Thrown {
  if (!isErrorLike(error)) return { error_type: toKind(error), message: toMessage(error) }
  const causes = toCauses(error)
  const code: unknown = Reflect.get(error, 'code')
  const errors = error instanceof AggregateError ? error.errors.slice(0, MAX_CAUSES).map(toSummary) : undefined
  const detail = {
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(causes.length > 0 ? { causes } : {}),
    ...(errors ? { errors } : {}),
  }
  return {
    error_type: String(error.name || 'Error'),
    message: String(error.message ?? ''),
    ...(typeof error.stack === 'string' ? { stack: error.stack } : {}),
    ...(Object.keys(detail).length > 0 ? { detail } : {}),
  }
}

/** Errors of another realm (a VM, a worker) are no `instanceof Error`. */
const isErrorLike = (error: unknown): error is Error =>
  error instanceof Error ||
  (typeof error === 'object' && error !== null && typeof Reflect.get(error, 'message') === 'string')

function toCauses(error: Error): object[] {
  const causes: object[] = []
  let next: unknown = error.cause
  while (next !== undefined && next !== null && causes.length < MAX_CAUSES) {
    causes.push(toSummary(next))
    next = isErrorLike(next) ? next.cause : undefined
  }
  return causes
}

const toSummary = (error: unknown): object =>
  isErrorLike(error)
    ? { error_type: error.name, message: error.message, stack: error.stack }
    : { error_type: toKind(error), message: toMessage(error) }

const toKind = (thrown: unknown): string => (thrown === null ? 'null' : typeof thrown)

const toMessage = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null ? 'A value that is no Error was thrown.' : String(thrown)
