/** A week of honest people, as the middleware would tell of it: with journeys, new laptops, mistakes and late evenings. */
import type { Draft } from '../../src/event/event.ts'
import type { Networks } from '../kit/mmdb.ts'
import type { Random } from './random.ts'

export const WEEK_STARTS_MS = Date.parse('2026-11-02T00:00:00Z')
export const DAYS = 7
export const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MINUTE_MS = 60_000

export interface Happening {
  readonly at: number
  readonly draft: Draft
  /** Whose attack it belongs to; undefined for the honest. */
  readonly attack?: string
}

/** Each has the addresses 10.<n>.0.0/16, and an hour at which its people begin to work, in UTC. */
const COUNTRIES = [
  ['DE', 7],
  ['GB', 8],
  ['FR', 7],
  ['US', 14],
  ['BR', 11],
  ['JP', 0],
  ['IN', 4],
  ['RU', 6],
] as const

export const NETWORKS: Networks = Object.fromEntries(
  COUNTRIES.map(([code], n) => [`10.${n}.0.0/16`, { country: { iso_code: code } }]),
)

const FAR_OFF = 7
export const toAddress = (country: number, n: number): string => `10.${country}.${n % 250}.${(n * 7) % 250}`
export const farOff = (home: number): number => (home === FAR_OFF || home === 5 ? 3 : 5)

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)'
export const AGENTS = [
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/131.0.0.0 Safari/537.36`,
  'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
] as const

export interface Person {
  readonly user_id: string
  readonly home: number
  readonly address: string
  readonly agents: readonly string[]
  readonly beginsAtHour: number
  readonly isAdmin: boolean
  readonly perDay: number
  /** On which day they leave for another country, get another laptop; and whether a tunnel takes them elsewhere now and then. */
  readonly leavesOn: number | undefined
  readonly newLaptopOn: number | undefined
  readonly hasTunnel: boolean
}

export function toPeople(count: number, random: Random): Person[] {
  return Array.from({ length: count }, (_, n) => {
    const home = random.between(0, 5)
    const office = random.chance(0.4) ? random.between(0, 4) : n
    const laptop = AGENTS[random.between(0, 2)] ?? AGENTS[0]
    return {
      user_id: `user${n}`,
      home,
      address: toAddress(home, office),
      agents: random.chance(0.3) ? [laptop, AGENTS[3]] : [laptop],
      beginsAtHour: (COUNTRIES[home]?.[1] ?? 8) + random.between(0, 2),
      isAdmin: n % 25 === 0,
      perDay: random.chance(0.03) ? random.between(200, 400) : random.between(30, 90),
      leavesOn: random.chance(0.03) ? random.between(1, 5) : undefined,
      newLaptopOn: random.chance(0.04) ? random.between(1, 6) : undefined,
      hasTunnel: random.chance(0.02),
    }
  })
}

/** What one person does in the week. */
export function live(person: Person, random: Random): Happening[] {
  const happenings: Happening[] = []
  for (let day = 0; day < DAYS; day++) {
    const isWeekend = day >= 5
    if (isWeekend && random.chance(0.8)) continue
    const begins = WEEK_STARTS_MS + day * DAY_MS + person.beginsAtHour * HOUR_MS
    const hours = random.chance(0.15) ? random.between(10, 13) : random.between(7, 9)
    const where = toWhere(person, day, random)
    happenings.push(...logIn(person, begins, where, random))
    for (let n = Math.round(person.perDay * (isWeekend ? 0.3 : 1)); n > 0; n--) {
      const at = begins + 5 * MINUTE_MS + random.next() * hours * HOUR_MS
      happenings.push({ at, draft: request(person, where(at), random) })
    }
  }
  return happenings
}

interface Whereabouts {
  readonly source_ip: string
  readonly user_agent: string
}

function toWhere(person: Person, day: number, random: Random): (at: number) => Whereabouts {
  const isAway = person.leavesOn !== undefined && day > person.leavesOn
  const country = isAway ? (person.home + 2) % 6 : person.home
  const laptop = person.newLaptopOn !== undefined && day >= person.newLaptopOn ? AGENTS[1] : person.agents[0]
  const tunnelHour = person.hasTunnel ? random.between(0, 8) : undefined
  const began = WEEK_STARTS_MS + day * DAY_MS + person.beginsAtHour * HOUR_MS
  return (at) => {
    const isTunnelled = tunnelHour !== undefined && Math.floor((at - began) / HOUR_MS) === tunnelHour
    const phone = person.agents[1]
    return {
      source_ip: isTunnelled ? toAddress(farOff(person.home), 3) : isAway ? toAddress(country, 9) : person.address,
      user_agent: (phone !== undefined && random.chance(0.2) ? phone : laptop) ?? AGENTS[0],
    }
  }
}

function logIn({ user_id }: Person, at: number, where: (at: number) => Whereabouts, random: Random): Happening[] {
  const login = { event_type: 'AUTH_LOGIN', method: 'POST', route: '/login', path: '/login', user_id, ...where(at) }
  const mistakes = random.chance(0.06) ? random.between(1, 3) : 0
  const failed = Array.from({ length: mistakes }, (_, n) => ({
    at: at + n * 15_000,
    draft: { ...login, status: 'failure' as const, outcome: 'denied' as const, status_code: 401 },
  }))
  return [...failed, { at: at + mistakes * 15_000, draft: { ...login, status_code: 200 } }]
}

const PAGES = ['/orders/:id', '/customers/:id', '/search', '/inbox', '/reports/:id', '/me'] as const

export function request(person: Pick<Person, 'user_id' | 'isAdmin'>, where: Whereabouts, random: Random): Draft {
  const { user_id, isAdmin } = person
  const of = { user_id, ...where }
  if (random.chance(0.003)) return { ...of, ...refused('GET', '/admin/users', 403) }
  if (random.chance(0.01)) return { ...of, ...refused('GET', `/orders/${random.between(1, 9e6)}`, 404) }
  if (random.chance(0.004)) return { ...of, ...answered('GET', '/reports/export') }
  if (isAdmin && random.chance(0.3)) {
    const route = random.chance(0.5) ? '/admin/users/:id' : '/settings'
    return { ...of, ...answered(random.chance(0.05) ? 'DELETE' : 'GET', route) }
  }
  const route = PAGES[random.between(0, PAGES.length - 1)] ?? '/me'
  const kind = random.next()
  return { ...of, ...answered(kind < 0.75 ? 'GET' : kind < 0.97 ? 'POST' : 'DELETE', route) }
}

export const answered = (method: string, route: string): Draft => ({
  event_type: 'API_REQUEST',
  method,
  route,
  path: route.replace(':id', '7'),
  status: 'success',
  status_code: 200,
})

export const refused = (method: string, path: string, status_code: 403 | 404): Draft => ({
  event_type: status_code === 403 ? 'AUTH_FAILURE' : 'API_REQUEST',
  method,
  path,
  status: 'failure',
  status_code,
  ...(status_code === 403 && { outcome: 'denied' as const }),
})

/** A search engine that follows old links. */
export function crawl(random: Random): Happening[] {
  return Array.from({ length: DAYS * 24 * 4 }, (_, n) => ({
    at: WEEK_STARTS_MS + n * 15 * MINUTE_MS + random.next() * MINUTE_MS,
    draft: {
      ...(random.chance(0.3) ? refused('GET', `/old/${n}`, 404) : answered('GET', '/')),
      actor_type: 'anonymous' as const,
      source_ip: toAddress(3, 200),
      user_agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    },
  }))
}
