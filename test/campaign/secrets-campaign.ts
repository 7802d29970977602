/**
 * The campaign `secrets`: secrets of every kind, in every place and encoding, logged by a whole app; and values without a
 * secret. None comes out: not in the event that is given back, and not in any file, the database or the metrics.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import express from 'express'
import { type EventLogging, eventLogging } from '../../src/index.ts'
import { toOddLine } from '../faults/kit/poison.ts'
import { createTestRefinery } from '../kit/events.ts'
import type { CampaignOptions, Outcome } from './campaign.ts'
import { type Case, makeCases } from './secrets/corpus.ts'
import { createFinder, findInFiles } from './secrets/find-bytes.ts'
import { makeHarmless } from './secrets/harmless.ts'
import { isLeaked } from './secrets/reveal.ts'

const ADMIN_KEY = 'campaign-admin-key'
const FLUSH_MS = 600_000
/** Of so many cases one is also sent as a request, and one as a span. */
const REQUEST_EVERY = 20
const ODD_LINES = 50
const MAX_TOUCHED = 0.01
const SHOWN = 20

interface Report {
  readonly campaign: 'secrets'
  readonly count: number
  readonly seed: number
  readonly leaked: number
  /** Share of the values without a secret that did not come out as they went in. */
  readonly touched: number
  readonly requests: number
  readonly quarantined: number
  readonly searched_bytes: number
  readonly found_in_files: number
}

type Asked = Pick<CampaignOptions, 'count' | 'seed' | 'dir' | 'say' | 'isControl'>

export async function runSecretsCampaign({
  count,
  seed,
  dir,
  say,
  isControl,
}: Asked): Promise<Outcome & { readonly report: Report }> {
  const problems: string[] = []
  const cases = [...makeCases(count, seed)]
  const folder = join(dir, 'log')
  plantOddLines(folder, cases.slice(0, ODD_LINES))
  // The control has a secret of its own, in a place where nobody can know it for one.
  if (isControl) writeFileSync(join(folder, 'control.txt'), cases.map(({ secret }) => secret).join('\n'))
  const notices: string[] = []
  const logging = eventLogging({
    dir: folder,
    adminKey: ADMIN_KEY,
    requestHeaders: ['x-note', 'authorization', 'cookie'],
    requestBodies: ['/*'],
    responseBodies: ['/*'],
    onNotice: (line) => void notices.push(line),
  })
  const app = await startApp(logging)
  try {
    const leaks = cases.filter((one) => isCaseLeaked(logging, one))
    for (const { about, secret } of leaks.slice(0, SHOWN))
      problems.push(`${about}: ${JSON.stringify(secret)} came out.`)
    say(`${count} cases  ${leaks.length} leaked`)
    const touched = measureTouched(count, seed, problems)
    const sent = cases.filter((_, at) => at % REQUEST_EVERY === 0)
    for (const one of sent) await send(app.url, one)
    if (!(await logging.flush(FLUSH_MS))) problems.push('Not all of it was stored in time.')
    const finder = createFinder(cases.map(({ secret }) => secret))
    const told = [...notices, JSON.stringify(logging.stats()), await ask(`${app.url}/daybook/metrics`)].join('\n')
    for (const piece of finder.find(Buffer.from(told))) problems.push(`In notices, statistics or metrics: ${piece}`)
    const { quarantined } = logging.stats().drain
    if (quarantined < Math.min(ODD_LINES, count)) problems.push('The quarantine has not what it should have.')
    await app.close()
    await logging.close()
    const { bytes, found } = findInFiles(folder, finder)
    problems.push(...found.slice(0, SHOWN))
    say(`${bytes} bytes of files  ${found.length} found`)
    return {
      problems,
      report: {
        campaign: 'secrets',
        count,
        seed,
        leaked: leaks.length,
        touched,
        requests: sent.length,
        quarantined,
        searched_bytes: bytes,
        found_in_files: found.length,
      },
    }
  } finally {
    await app.close()
    await logging.close()
  }
}

function isCaseLeaked({ logger }: EventLogging, { secret, event, error }: Case): boolean {
  const made = event ? logger.log(event) : logger.error(error?.error, error)
  return made === undefined || isLeaked(secret, JSON.stringify(made))
}

function measureTouched(count: number, seed: number, problems: string[]): number {
  const { seal } = createTestRefinery()
  let touched = 0
  for (const { value } of makeHarmless(count, seed)) {
    const comments = typeof value === 'string' ? value : undefined
    const made = seal({ event_type: 'COMMIT', comments, payload: { value } })
    if (made.comments !== comments || JSON.stringify(made.payload) !== JSON.stringify({ value })) touched++
  }
  if (touched / count > MAX_TOUCHED) problems.push(`${touched} of ${count} values without a secret were changed.`)
  return touched / count
}

/** Lines that no database takes: they end in the quarantine, with what they hold. */
function plantOddLines(folder: string, cases: readonly Case[]): void {
  const { seal, sealError } = createTestRefinery()
  const lines = cases.map(({ event, error }) => {
    const { comments, payload, metadata } = event
      ? seal(event)
      : { ...seal({ event_type: 'COMMIT' }), payload: sealError({ error, ...error }) }
    return toOddLine({ status_code: 1e12, comments, payload, metadata })
  })
  const events = join(folder, 'events')
  mkdirSync(events, { recursive: true })
  writeFileSync(join(events, `events_${new Date().toISOString().slice(0, 10)}_1-0badc0de-1.jsonl`), lines.join(''))
}

interface App {
  readonly url: string
  close(): Promise<void>
}

async function startApp(logging: EventLogging): Promise<App> {
  const app = express()
  app.use(express.json(), logging)
  app.use('/daybook', logging.router())
  app.all('/{*any}', (req, res) => void res.json({ got: req.body }))
  const server = await new Promise<Server>((resolve) => {
    const listening: Server = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => void server.close(() => resolve()))
    server.closeAllConnections()
    return closing
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

const ask = async (url: string): Promise<string> =>
  await (await fetch(url, { headers: { 'x-api-key': ADMIN_KEY } })).text()

/** The text of a case in all that a request is made of, and the same as an export of spans. */
async function send(url: string, { event, error }: Case): Promise<void> {
  const value = event?.payload ?? event?.metadata ?? event?.comments ?? String(error?.error)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const headers = {
    'content-type': 'application/json',
    'x-note': Buffer.from(text)
      .toString('latin1')
      .replace(/[^\x20-\x7e]/g, '?'),
  }
  await fetch(`${url}/a/${encodeURIComponent(text.slice(0, 1_000))}?q=${encodeURIComponent(text.slice(0, 4_000))}`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ value }),
  }).then((answer) => answer.text())
  await fetch(`${url}/daybook/v1/traces`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(toExport(text)) })
}

const JSON_TYPE = { 'content-type': 'application/json', 'x-api-key': ADMIN_KEY }

function toExport(text: string): object {
  const attribute = (key: string) => ({ key, value: { stringValue: text } })
  const now = `${Date.now()}000000`
  const span = {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: `${Math.floor(performance.now() * 1e6)}`.padStart(16, '0').slice(-16),
    name: text,
    kind: 3,
    startTimeUnixNano: now,
    endTimeUnixNano: now,
    attributes: ['gen_ai.input.messages', 'gen_ai.tool.call.arguments', 'db.query.text', 'url.full', 'note'].map(
      attribute,
    ),
    events: [
      {
        timeUnixNano: now,
        name: 'exception',
        attributes: ['exception.message', 'exception.stacktrace'].map(attribute),
      },
    ],
    status: { code: 2, message: text },
  }
  return {
    resourceSpans: [
      { resource: { attributes: [attribute('note')] }, scopeSpans: [{ scope: { name: 'x' }, spans: [span] }] },
    ],
  }
}
