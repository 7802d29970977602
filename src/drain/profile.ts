/** What is known of one user or one address, and which factors that makes of their next event. */
import type { Event } from '../event/event.ts'
import { isFailedLogin, isLogin, type RiskConfig, type RiskFactor } from '../event/risk.ts'
import { addTo, type Counts, sumOf } from './counts.ts'
import { isNew, type Met, meet, metAt } from './met.ts'
import { toKm } from './travel.ts'

/** Kept as JSON in the database, so that a restart forgets nothing and a fleet shares it. Every part is bounded. */
export interface Profile {
  /** By minute: failed log-ins, refused requests, events, and points of risky acts. */
  failures?: Counts
  refused?: Counts
  seen?: Counts
  risky?: Counts
  /** By hour. */
  reads?: Counts
  countries?: Met
  devices?: Met
  /** Where the user was last, of the countries that are not new; and in which minute. */
  last?: [country: string, minute: number]
  /** In how many hours of each hour of the day the user was active, and the last such hour. */
  hours?: number[]
  hour?: number
  /** Reads of the day under way, days before it, and how many reads a day of those has. */
  day?: { at: number; reads: number; days: number; usual: number }
}

type Window = 'failures' | 'refused' | 'seen' | 'risky' | 'reads'

export function windowOf(profile: Profile, name: Window): Counts {
  profile[name] ??= []
  return profile[name]
}

/** An event with what is asked of it more than once. */
export interface Act {
  readonly event: Event
  readonly minute: number
  readonly isFailedLogin: boolean
  readonly isLogin: boolean
  readonly isRefused: boolean
}

const MINUTE_MS = 60_000
const CLIENT_ERROR = 400
const SERVER_ERROR = 500

export function toAct(event: Event): Act {
  const { status_code = 0 } = event
  const isFailed = isFailedLogin(event)
  const isClientError = status_code >= CLIENT_ERROR && status_code < SERVER_ERROR
  return {
    event,
    minute: toMinute(event.created_at),
    isFailedLogin: isFailed,
    isLogin: isLogin(event),
    isRefused: event.status === 'failure' && !isFailed && (isClientError || event.outcome === 'denied'),
  }
}

/** Events come many to a minute, and dates take long to read. */
let latest = { text: '', minute: 0 }
const MINUTE_CHARS = '2026-11-21T10:05'.length

function toMinute(created_at: string): number {
  const text = created_at.slice(0, MINUTE_CHARS)
  if (text !== latest.text) latest = { text, minute: Math.floor(Date.parse(`${text}Z`) / MINUTE_MS) }
  return latest.minute
}

export type Note = (factor: RiskFactor) => void

/** Failed log-ins, refused requests and speed, of a user or of an address. */
export function noteWindows(profile: Profile, act: Act, limits: Limits, note: Note): void {
  const { minute, isFailedLogin, isLogin, isRefused } = act
  const width = limits.windowMinutes
  if (isFailedLogin || isLogin) {
    const failures = windowOf(profile, 'failures')
    if (isFailedLogin) addTo(failures, minute, 1, width)
    if (sumOf(failures, minute, width) >= limits.failedLogins) note('failed_logins')
  }
  if (isRefused) {
    const refused = windowOf(profile, 'refused')
    addTo(refused, minute, 1, width)
    if (sumOf(refused, minute, width) >= limits.probes) note('probing')
  }
  const seen = windowOf(profile, 'seen')
  addTo(seen, minute, 1, SEEN_MINUTES)
  if (sumOf(seen, minute, 1) > limits.ratePerMinute) note('rate')
}

type Limits = Pick<RiskConfig, 'windowMinutes' | 'failedLogins' | 'probes' | 'ratePerMinute'>
/** Events of two minutes may come mixed. */
const SEEN_MINUTES = 2

/** Countries and devices. What failed is judged by them, and teaches nothing: it may be anybody. */
export function noteWhereabouts(profile: Profile, { event, minute }: Act, config: RiskConfig, note: Note): void {
  const teaches = event.status === 'success'
  const newFor = config.newForHours * 60
  if (event.device !== undefined) {
    profile.devices ??= {}
    const { devices } = profile
    if (isNew(devices, event.device, minute, newFor)) note('new_device')
    if (teaches) meet(devices, event.device, minute)
  }
  if (event.country === undefined) return
  profile.countries ??= {}
  const { countries } = profile
  const { country } = event
  const isFarOff = isNew(countries, country, minute, newFor)
  if (teaches) meet(countries, country, minute)
  if (!isFarOff) {
    if (teaches) profile.last = [country, minute]
    return
  }
  note('new_country')
  const met = metAt(countries, country)
  if (!met?.[2] && !isTooFast(profile.last, country, minute, config)) return
  // As long as the country is new: the user's own events, from where they are, do not clear it.
  if (met && teaches) met[2] = 1
  note('impossible_travel')
}

function isTooFast(last: Profile['last'], country: string, minute: number, { maxKmPerHour }: RiskConfig): boolean {
  if (!last) return false
  const hours = Math.abs(minute - last[1]) / 60
  return toKm(last[0], country) > hours * maxKmPerHour
}

const HOURS = 24
/** Hours of activity before any is unusual, and the share below which it is. */
const KNOWN_HOURS = 20
const UNUSUAL_SHARE = 0.05
const MAX_HOURS = 2_000

export function noteHour({ hours }: Profile, { minute }: Act, note: Note): void {
  if (!hours) return
  const at = toHour(minute) % HOURS
  const total = sum(hours)
  const around = sum([at + HOURS - 1, at, at + 1].map((hour) => hours[hour % HOURS] ?? 0))
  if (total >= KNOWN_HOURS && around < total * UNUSUAL_SHARE) note('unusual_hour')
}

export function learnHour(profile: Profile, { minute }: Act): void {
  const hour = toHour(minute)
  if (hour <= (profile.hour ?? -1)) return
  profile.hour = hour
  const hours = profile.hours ?? Array.from({ length: HOURS }, () => 0)
  hours[hour % HOURS] = (hours[hour % HOURS] ?? 0) + 1
  profile.hours = sum(hours) > MAX_HOURS ? hours.map((n) => n >> 1) : hours
}

function sum(numbers: readonly number[]): number {
  let whole = 0
  for (const n of numbers) whole += n
  return whole
}

const toHour = (minute: number): number => Math.floor(minute / 60)

const READS: ReadonlySet<string> = new Set(['FETCH', 'CLONE', 'RETRIEVAL', 'DATA_EXPORTED'])
const KNOWN_DAYS = 3
/** How much of a day's reads the usual day takes over; and what it can take over at most. */
const LEARNED_SHARE = 0.2
const mostLearned = (usual: number): number => usual * 2 + 50

export function noteReads(profile: Profile, { event, minute }: Act, config: RiskConfig, note: Note): void {
  if (event.status !== 'success' || (event.method !== 'GET' && !READS.has(event.event_type))) return
  const hour = toHour(minute)
  const at = Math.floor(hour / HOURS)
  const window = windowOf(profile, 'reads')
  addTo(window, hour, 1, HOURS)
  const day = toDay(profile.day ?? { at, reads: 0, days: 0, usual: 0 }, at)
  day.reads++
  profile.day = day
  if (day.days < KNOWN_DAYS) return
  if (sumOf(window, hour, HOURS) > Math.max(config.bulkReads, day.usual * config.bulkTimes)) note('bulk_read')
}

/** The day under way; the one before it, when it is over, is learned. */
function toDay(day: NonNullable<Profile['day']>, at: number): NonNullable<Profile['day']> {
  if (at <= day.at) return day
  const { reads, days, usual } = day
  const learned = days === 0 ? reads : usual + (Math.min(reads, mostLearned(usual)) - usual) * LEARNED_SHARE
  return { at, reads: 0, days: days + 1, usual: Math.round(learned) }
}
