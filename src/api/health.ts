/** Anyone may ask, so the answers say which part is unwell and never what a database or a disk said. */
import type { ApiParts } from '../event/ports/api.ts'
import type { DrainState } from '../event/ports/drain.ts'
import type { SpoolStats } from '../event/ports/spool.ts'
import type { Answer, Handlers } from './call.ts'
import type { Check, Health, Readiness } from './contract.generated.ts'

const PING_TIMEOUT_MS = 2_000
const WELL: Check = { ok: true, reason: null }

const DRAIN: Readonly<Record<DrainState, Check>> = {
  starting: { ok: false, reason: 'The drain is starting.' },
  idle: WELL,
  draining: WELL,
  waiting: { ok: false, reason: 'The drain waits to store events; they are kept on disk.' },
  standby: { ok: true, reason: 'Another process drains this folder.' },
  stopping: { ok: false, reason: 'The drain is stopping.' },
  stopped: { ok: false, reason: 'The drain has stopped.' },
}

/** Requests can be answered all the same. */
const LATE: Check = { ok: true, reason: 'Retention removes less than is due; GET /admin/retention says why.' }

export function createHealthHandlers({ health, ping }: Pick<ApiParts, 'health' | 'ping'>, version: string): Handlers {
  const checkSpool = createSpoolCheck()
  const getHealth = (): Answer<Health> => ({ status: 200, body: { status: 'ok', version } })

  const getReadiness = async (): Promise<Answer<Readiness>> => {
    const { spool, drain, lag_ms } = health()
    const { appended, shed } = spool
    const { stored, quarantined, waiting_bytes } = drain
    const figures = { appended, shed, stored, quarantined, waiting_bytes, lag_ms }
    const checks = {
      spool: checkSpool(spool),
      drain: DRAIN[drain.state],
      database: await checkDatabase(ping),
      retention: drain.retention ? LATE : WELL,
    }
    const isReady = Object.values(checks).every(({ ok }) => ok)
    return { status: isReady ? 200 : 503, body: { status: isReady ? 'ready' : 'not_ready', checks, figures } }
  }

  return { getHealth, getReadiness }
}

/** Unwell from when an event is shed until the next one is kept; the counts only grow, so two looks tell. */
function createSpoolCheck(): (stats: SpoolStats) => Check {
  let seen = { shed: 0, appended: 0 }
  let check = WELL
  return ({ shed, appended }) => {
    if (shed > seen.shed) check = { ok: false, reason: 'Events are being dropped: the folder can not be written.' }
    else if (appended > seen.appended) check = WELL
    seen = { shed, appended }
    return check
  }
}

async function checkDatabase(ping: () => Promise<void>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, PING_TIMEOUT_MS).unref()
  })
  try {
    await Promise.race([ping(), late])
    return WELL
  } catch {
    return { ok: false, reason: 'The database does not answer.' }
  } finally {
    clearTimeout(timer)
  }
}
