/** What an event says of its own risk. What takes a look back is added by the drain. */
import { isFailedLogin, isThreat, MAX_RISK, type RiskConfig, type RiskFactor } from '../event/risk.ts'
import { isIn, toTable } from './chars.ts'
import { remembering } from './remembering.ts'

/** Members of a sealed row, as far as they count. */
export interface Scored {
  readonly event_type?: unknown
  readonly status?: unknown
  readonly outcome?: unknown
  readonly status_code?: unknown
  readonly method?: unknown
  readonly route?: unknown
  readonly path?: unknown
  readonly metadata?: unknown
  risk_score?: unknown
  risk_factors?: unknown
}

/** Sets `risk_score` and `risk_factors` where there is a factor, and the app has set no score itself. */
export type ScoreRisk = (row: Scored) => void

const MAX_PATH_CHARS = 256
const DESTRUCTIVE = new Set(['DATA_DELETED', 'FILE_DELETE', 'USER_DEACTIVATED'])
const EXPORTS = ['export', 'exports', 'download', 'downloads', 'dump', 'dumps', 'backup', 'backups']

export function createScoreRisk({ weights, sensitivePaths }: RiskConfig): ScoreRisk {
  const isSensitive = leadingTo(toPathTest(sensitivePaths))
  const leadsToExport = leadingTo(isExport)

  return (row) => {
    const named = Array.isArray(row.risk_factors) ? row.risk_factors : []
    if (row.risk_score !== undefined) {
      // Threats were found by us, and the score is not made of them.
      if (named.every(isThreat)) row.risk_factors = [...named, 'given']
      return
    }
    let points = 0
    let factors: RiskFactor[] | undefined
    const count = (factor: RiskFactor): void => {
      const weight = weights[factor]
      if (weight === 0) return
      points += weight
      factors ??= []
      factors.push(factor)
    }
    const { event_type, metadata } = row
    if (row.status === 'failure') noteFailure(row, count)
    if (row.method === 'DELETE' || DESTRUCTIVE.has(event_type as string)) count('destructive_method')
    if (isSensitive(row) || isMarked(metadata)) count('sensitive_endpoint')
    if (event_type === 'DATA_EXPORTED' || leadsToExport(row)) count('bulk_export')
    if (event_type === 'THREAT_DETECTED' || named.some(isThreat)) count('threat_pattern')
    if (!factors) return
    row.risk_score = Math.min(MAX_RISK, points)
    row.risk_factors = [...named, ...factors]
  }
}

/** Whether a path is a factor, whatever its route is. */
export function createIsRiskyPath({ sensitivePaths }: RiskConfig): (path: string) => boolean {
  const isSensitive = toPathTest(sensitivePaths)
  return (path) => isSensitive(path) || isExport(path)
}

/** By the route and by the path: a route for all says nothing of where it leads. Routes come again, paths have ids. */
function leadingTo(isSuch: (path: string) => boolean): (row: Scored) => boolean {
  const isSuchRoute = remembering(isSuch, (route) => route.length <= MAX_PATH_CHARS)
  return ({ route, path }) =>
    (typeof route === 'string' && isSuchRoute(route)) || (typeof path === 'string' && path !== route && isSuch(path))
}

function noteFailure(row: Scored, count: (factor: RiskFactor) => void): void {
  if (isFailedLogin(row)) count('failed_login')
  else if (row.outcome === 'denied' || row.status_code === 403) count('denied_access')
}

export const isMarked = (metadata: unknown): boolean =>
  typeof metadata === 'object' && metadata !== null && 'sensitive' in metadata && metadata.sensitive === true

/** Whether one of the words is a part of a path, `admin` of `/api/admin/users`. */
function toPathTest(words: readonly string[], end = '/'): (path: string) => boolean {
  if (words.length === 0) return () => false
  const pattern = new RegExp(`(?:^|/)(?:${words.map(escaped).join('|')})(?:${end}|$)`, 'i')
  const firsts = toTable(new RegExp(words.map((word) => escaped(word.slice(0, 1))).join('|'), 'i'))
  return (path) => hasFirst(path, firsts) && pattern.test(path.slice(0, MAX_PATH_CHARS))
}

const escaped = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** Whether a part begins like one of the words: of most paths that is all that is asked, and takes less than a pattern. */
function hasFirst(path: string, firsts: Uint8Array): boolean {
  const end = Math.min(path.length, MAX_PATH_CHARS)
  for (let at = 0; at < end; at++) {
    const code = path.charCodeAt(at)
    if (code > 127 || isIn(firsts, code)) return true
    at = path.indexOf('/', at)
    if (at < 0) return false
  }
  return false
}

const isExport = toPathTest(EXPORTS, '[/.]')
