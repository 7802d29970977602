/** Settings that are one thing together, or need each other. */
import { type AlertConfig, resolveAlerts } from './alerts.ts'
import type { Config, ForwardConfig } from './config.ts'
import {
  DEFAULT_BODY_MAX_BYTES,
  DEFAULT_FLOOD_PER_MINUTE,
  DEFAULT_SENSITIVE_PATHS,
  DEFAULT_SLOW_MS,
} from './defaults.ts'
import { isInPublic, toDatabaseUrl } from './host-orm.ts'
import { find, type Layers, reader } from './layers.ts'
import { toPatternProblem } from './linear-pattern.ts'
import type { RequestConfig, RequestOptions } from './request-options.ts'
import { REQUEST_SETTINGS, SETTINGS } from './settings.ts'

/** A setting from wherever it is set. */
type Read = ReturnType<typeof reader>

export function readAlerts(layers: Layers, problems: string[]): AlertConfig | undefined {
  const read = reader(layers, problems)
  const alerts = read('alerts', SETTINGS.alerts)
  const url = read('alertWebhookUrl', SETTINGS.alertWebhookUrl)
  const secret = read('alertWebhookSecret', SETTINGS.alertWebhookSecret)
  const areUsersHashed = find('userIds', SETTINGS.userIds, layers)?.value === 'hash'
  const isOfFile = find('alerts', SETTINGS.alerts, layers)?.from === 'file'
  if (!isOfFile || typeof alerts !== 'object' || !alerts.webhook)
    return resolveAlerts(alerts, { url, secret, areUsersHashed }, problems)
  // What the environment says of it goes before what the file says.
  const webhook = { ...alerts.webhook, ...(url && { url }), ...(secret && { secret }) }
  return resolveAlerts({ ...alerts, webhook }, { url, secret, areUsersHashed }, problems)
}

export function readRequests(read: Read): RequestConfig {
  const given = Object.entries(REQUEST_SETTINGS).map(([name, setting]) => [name, read<unknown>(name, setting)] as const)
  const set: RequestOptions = Object.fromEntries(given.filter(([, value]) => value !== undefined))
  return Object.freeze({
    floodPerMinute: DEFAULT_FLOOD_PER_MINUTE,
    slowMs: DEFAULT_SLOW_MS,
    bodyMaxBytes: DEFAULT_BODY_MAX_BYTES,
    sensitivePaths: DEFAULT_SENSITIVE_PATHS,
    ...set,
  })
}

export function readRedaction(read: Read, problems: string[]): Config['redaction'] {
  const patterns = read('redactPatterns', SETTINGS.redactPatterns) ?? []
  for (const [at, pattern] of patterns.entries()) {
    const problem = toPatternProblem(pattern)
    if (problem) problems.push(`redactPatterns: number ${at + 1} could take too long: ${problem}.`)
  }
  return Object.freeze({
    except: Object.freeze([...(read('redactExcept', SETTINGS.redactExcept) ?? [])]),
    paths: Object.freeze([...(read('redactPaths', SETTINGS.redactPaths) ?? [])]),
    patterns: Object.freeze([...patterns]),
    functions: Object.freeze([...(read('redactWith', SETTINGS.redactWith) ?? [])]),
    emails: read('redactEmails', SETTINGS.redactEmails) ?? false,
    phones: read('redactPhones', SETTINGS.redactPhones) ?? false,
  })
}

export function readPrivacy(read: Read, problems: string[]): Config['privacy'] {
  const ip = read('ip', SETTINGS.ip) ?? 'truncate'
  const userIds = read('userIds', SETTINGS.userIds) ?? 'keep'
  const hashKey = read('hashKey', SETTINGS.hashKey)
  if (hashKey === undefined && [ip, userIds].includes('hash'))
    problems.push('hashKey: hashes need a key; set it or DAYBOOK_HASH_KEY.')
  return Object.freeze({ ip, userIds, hashKey })
}

export function readDatabase(read: Read, problems: string[]): Pick<Config, 'databaseUrl' | 'readDatabaseUrl' | 'orm'> {
  const [given, orm] = [read('database', SETTINGS.database), read('orm', SETTINGS.orm)]
  const readDatabaseUrl = read('readDatabase', SETTINGS.readDatabase)
  if (readDatabaseUrl !== undefined && given === undefined && !orm)
    problems.push('readDatabase: a replica needs what it is one of: set database (DATABASE_URL), too.')
  if (!orm) return { databaseUrl: given, readDatabaseUrl, orm }
  const databaseUrl = toDatabaseUrl(orm, given, (problem) => void problems.push(problem))
  // Its connections look in the schema `public` alone.
  return { databaseUrl, readDatabaseUrl, orm: given === undefined && isInPublic(orm) ? orm : undefined }
}

export function readForward(read: Read, problems: string[]): ForwardConfig | undefined {
  const url = read('forwardUrl', SETTINGS.forwardUrl)
  const headers = read('forwardHeaders', SETTINGS.forwardHeaders)
  const to = read('forwardTo', SETTINGS.forwardTo)
  if (url !== undefined && to) problems.push('forwardTo: give it or forwardUrl (DAYBOOK_FORWARD_URL), not both.')
  if (headers && url === undefined) problems.push('forwardHeaders: they need forwardUrl (DAYBOOK_FORWARD_URL).')
  if (url !== undefined) return { http: { url, headers: headers ?? {} } }
  return to && { to }
}
