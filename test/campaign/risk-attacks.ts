/** Five attackers, as the middleware would tell of them. They begin on the fifth day, when people are known. */
import type { Random } from './random.ts'
import {
  AGENTS,
  answered,
  farOff,
  type Happening,
  HOUR_MS,
  type Person,
  refused,
  toAddress,
  WEEK_STARTS_MS,
} from './risk-people.ts'

const FIFTH_DAY_MS = WEEK_STARTS_MS + 4 * 24 * HOUR_MS
const MINUTE_MS = 60_000

export const ATTACKS: Readonly<Record<string, (people: readonly Person[], random: Random) => Happening[]>> = {
  stuffing,
  scanning,
  'session theft': theft,
  exfiltration,
  insider,
}

const pick = <T>(items: readonly T[], random: Random): T => items[random.between(0, items.length - 1)] as T

/** A list of names and passwords, ten a minute from one address; one in a hundred is right. */
function stuffing(people: readonly Person[], random: Random): Happening[] {
  const of = { source_ip: toAddress(7, 66), user_agent: 'python-requests/2.32.3', method: 'POST', path: '/login' }
  return Array.from({ length: 400 }, (_, n) => {
    const user_id = random.chance(0.3) ? pick(people, random).user_id : `name${n}`
    const login = { event_type: 'AUTH_LOGIN', user_id, ...of }
    const isRight = random.chance(0.01)
    return {
      at: FIFTH_DAY_MS + 3 * HOUR_MS + n * 6_000 + random.next() * 3_000,
      draft: isRight
        ? { ...login, status_code: 200 }
        : { ...login, status: 'failure', outcome: 'denied', status_code: 401 },
    }
  })
}

const HOLES = ['wp-admin', '.env', '.git', 'phpmyadmin', 'backup', 'admin', 'config', 'api/v1/users', 'server-status']

/** Paths that others have had, three a second, by nobody who is known. */
function scanning(_people: readonly Person[], random: Random): Happening[] {
  return Array.from({ length: 600 }, (_, n) => {
    const path = `/${pick(HOLES, random)}/${random.between(1, 9999)}`
    const kind = random.next()
    return {
      at: FIFTH_DAY_MS + 9 * HOUR_MS + n * 333,
      draft: {
        ...(kind < 0.02 ? answered('GET', '/') : refused('GET', path, kind < 0.15 ? 403 : 404)),
        actor_type: 'anonymous',
        source_ip: toAddress(7, 77),
        user_agent: AGENTS[0],
      },
    }
  })
}

/** Somebody's session, used from the other side of the world while they work. */
function theft(people: readonly Person[], random: Random): Happening[] {
  const victim = people.find(
    ({ isAdmin, hasTunnel, agents, leavesOn }) => !isAdmin && !hasTunnel && !leavesOn && agents.length === 1,
  )
  if (!victim) throw new Error('There is nobody to steal from.')
  const of = {
    user_id: victim.user_id,
    source_ip: toAddress(farOff(victim.home), 88),
    user_agent: victim.agents[0] === AGENTS[1] ? AGENTS[0] : AGENTS[1],
  }
  const begins = FIFTH_DAY_MS + (victim.beginsAtHour + 2) * HOUR_MS
  return Array.from({ length: 120 }, (_, n) => ({
    at: begins + n * 90_000 + random.next() * 60_000,
    draft: {
      ...of,
      ...(random.chance(0.05)
        ? refused('GET', '/admin/users', 403)
        : answered(
            random.chance(0.8) ? 'GET' : 'POST',
            pick(['/customers/:id', '/inbox', '/me', '/orders/:id'], random),
          )),
    },
  }))
}

/** An account that copies record after record, from where and with what it always works, one each two minutes for three days. */
function exfiltration(people: readonly Person[], random: Random): Happening[] {
  const thief = people.find(({ isAdmin, perDay }, n) => n > 40 && !isAdmin && perDay < 100)
  if (!thief) throw new Error('There is nobody who could.')
  return Array.from({ length: 3 * 24 * 30 }, (_, n) => ({
    at: FIFTH_DAY_MS + n * 2 * MINUTE_MS + random.next() * MINUTE_MS,
    draft: {
      user_id: thief.user_id,
      source_ip: thief.address,
      user_agent: thief.agents[0],
      ...answered('GET', '/customers/:id'),
    },
  }))
}

/** An employee who comes back at night: looks where they may not, copies, and removes what would tell. */
function insider(people: readonly Person[], random: Random): Happening[] {
  const employee = people.find(({ isAdmin, hasTunnel, perDay }, n) => n > 80 && !isAdmin && !hasTunnel && perDay < 100)
  if (!employee) throw new Error('There is nobody who could.')
  const of = { user_id: employee.user_id, source_ip: employee.address, user_agent: employee.agents[0] }
  return Array.from({ length: 120 }, (_, n) => {
    const kind = random.next()
    const night = n < 60 ? 0 : 1
    const acts =
      kind < 0.35
        ? refused('GET', `/admin/users/${n}`, 403)
        : kind < 0.65
          ? answered('GET', '/billing/export')
          : kind < 0.85
            ? answered('GET', '/customers/:id')
            : answered('DELETE', '/audit/:id')
    return {
      at:
        FIFTH_DAY_MS +
        (employee.beginsAtHour + 16 + night * 24) * HOUR_MS +
        (n % 60) * 100_000 +
        random.next() * 50_000,
      draft: { ...of, ...acts },
    }
  })
}
