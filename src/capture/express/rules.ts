/** Rules about requests, read once: `/health`, `/static/*`, `POST /login`, a RegExp on the path, a function. */
import type { Request } from 'express'
import type { RequestRule } from '../../config/request-options.ts'
import type { Draft } from '../../event/event.ts'

/** What is known of a request beside itself; its route when the response ends. */
export type Asked = Pick<Draft, 'method' | 'path' | 'route'>

export type Matches = (req: Request, asked: Asked) => boolean

/** Undefined when there are no rules. */
export function createRules(rules: readonly RequestRule[] | undefined): Matches | undefined {
  if (!rules || rules.length === 0) return undefined
  const each = rules.map(toMatch)
  return (req, asked) => each.some((matches) => matches(req, asked))
}

function toMatch(rule: RequestRule): Matches {
  if (typeof rule === 'string') return toTextMatch(rule)
  if (rule instanceof RegExp) return (_req, { path }) => isIn(rule, path ?? '')
  return (req) => {
    try {
      return rule(req) === true
    } catch {
      // The host's function failed: then it says nothing of this request.
      return false
    }
  }
}

/** One with the flag `g` or `y` remembers where it was. */
function isIn(rule: RegExp, path: string): boolean {
  rule.lastIndex = 0
  return rule.test(path)
}

const METHOD_AND_PATH = /^(?:([A-Za-z-]+)\s+)?(\/.*)$/

function toTextMatch(rule: string): Matches {
  const [, method, wanted = ''] = METHOD_AND_PATH.exec(rule) ?? []
  const upper = method?.toUpperCase()
  const prefix = wanted.endsWith('*') ? wanted.slice(0, -1) : undefined
  const isPath = (text: string | null | undefined): boolean =>
    prefix === undefined ? text === wanted : text?.startsWith(prefix) === true
  return (_req, asked) => (upper === undefined || asked.method === upper) && (isPath(asked.path) || isPath(asked.route))
}
