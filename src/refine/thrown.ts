/** Whatever was thrown → the columns of an error. JavaScript lets anything be thrown: null, text, a frozen Proxy. */
import { types } from 'node:util'
import { toText } from './clean-text.ts'
import { readMember } from './plain.ts'

export interface Thrown {
  readonly error_type: string
  readonly message: string
  readonly stack?: string
  readonly detail?: object
  /** The app's own answer to what belongs together: a text, or several. */
  readonly fingerprint?: string
}

/** Causes in a row, and errors of one AggregateError. */
const MAX_CAUSES = 5
const MAX_ERRORS = 10

export function toThrown(error: unknown): Thrown {
  try {
    return describe(error)
  } catch {
    return { error_type: 'Unreadable', message: 'What was thrown can not be read.' }
  }
}

function describe(error: unknown): Thrown {
  const summary = { ...toSummary(error), ...toGroup(error) }
  if (!isErrorLike(error))
    return typeof error === 'object' && error ? { ...summary, detail: { thrown: error } } : summary
  const code = readMember(error, 'code')
  const causes = toCauses(error)
  const errors = toErrors(error)
  const detail = {
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(causes.length > 0 ? { causes } : {}),
    ...(errors.length > 0 ? { errors } : {}),
  }
  return Object.keys(detail).length > 0 ? { ...summary, detail } : summary
}

function toGroup(error: unknown): { fingerprint?: string } {
  const given = isErrorLike(error) ? readMember(error, 'fingerprint') : undefined
  const texts = (Array.isArray(given) ? given.slice(0, MAX_ERRORS) : [given]).filter((text) => typeof text === 'string')
  return texts.length > 0 ? { fingerprint: texts.join(' ') } : {}
}

/** Errors of another realm (a VM, a worker) are no `instanceof Error`. */
const isErrorLike = (error: unknown): error is object =>
  error instanceof Error ||
  types.isNativeError(error) ||
  (typeof error === 'object' && error !== null && typeof readMember(error, 'message') === 'string')

function toCauses(error: object): object[] {
  const causes: object[] = []
  const seen = new Set<unknown>([error])
  let next = readMember(error, 'cause')
  while (next !== undefined && next !== null && !seen.has(next) && causes.length < MAX_CAUSES) {
    seen.add(next)
    causes.push(toSummary(next))
    next = isErrorLike(next) ? readMember(next, 'cause') : undefined
  }
  return causes
}

/** Those of an AggregateError, each with its own causes. */
function toErrors(error: object): object[] {
  const errors = readMember(error, 'errors')
  if (!Array.isArray(errors)) return []
  return Array.from({ length: Math.min(errors.length, MAX_ERRORS) }, (_, i) => {
    const one = readMember(errors, i)
    const causes = isErrorLike(one) ? toCauses(one) : []
    return causes.length > 0 ? { ...toSummary(one), causes } : toSummary(one)
  })
}

function toSummary(error: unknown): { error_type: string; message: string; stack?: string } {
  if (!isErrorLike(error)) return { error_type: error === null ? 'null' : typeof error, message: toMessage(error) }
  const stack = readMember(error, 'stack')
  return {
    error_type: toText(readMember(error, 'name')) || 'Error',
    message: toText(readMember(error, 'message')) ?? '',
    ...(typeof stack === 'string' ? { stack } : {}),
  }
}

const toMessage = (thrown: unknown): string =>
  thrown === null || thrown === undefined || typeof thrown === 'symbol'
    ? String(thrown)
    : (toText(thrown) ?? 'A value that is no Error was thrown.')
