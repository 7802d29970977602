/** Retention as an operator meets it: the command, and the API of a running app. */
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { DATABASE } from '../../src/config/defaults.ts'
import type { PruneReport } from '../../src/event/retention.ts'
import { openEmbedded } from '../../src/store/embedded.ts'
import { openWriter } from '../../src/store/writer.ts'
import { startChild } from '../kit/child.ts'
import { type DatabaseTarget, forEachDatabase } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { ADMIN_KEY, startHost } from './start-host.ts'

const CLI = fileURLToPath(new URL('../../src/cli/daybook.ts', import.meta.url))
const { seal } = createTestRefinery()
const OLD = new Date(Date.now() - 40 * 86_400_000).toISOString()

/** A store with a new event and one whose time is over; no app has it open. */
async function fill(target: DatabaseTarget): Promise<void> {
  const pglite = target.kind === 'embedded' ? await openEmbedded(target.dir) : undefined
  const database =
    target.kind === 'embedded' && pglite
      ? { kind: 'embedded' as const, pglite }
      : { kind: 'server' as const, url: (target as { url: string }).url, ...DATABASE }
  const options = { retention: { eventsDays: 30, errorsDays: 90 }, timeoutMs: DATABASE.writeTimeoutMs }
  const writer = await openWriter(database, options)
  const events = [seal({ event_type: 'COMMIT' }), { ...seal({ event_type: 'PUSH' }), created_at: OLD }]
  await writer.write({ segment: 'events_2026-11-21_1-a.jsonl', from: 0, to: 100, events, errors: [] })
  await writer.close()
  await pglite?.close()
}

const toPlace = (target: DatabaseTarget) =>
  target.kind === 'embedded'
    ? { DAYBOOK_DIR: target.dir }
    : { DATABASE_URL: target.url, DAYBOOK_DIR: createTestFolder() }

async function run(target: DatabaseTarget, ...flags: string[]) {
  const child = startChild(CLI, ['prune', ...flags], toPlace(target))
  const { code } = await child.exit
  return { code, stdout: child.stdout(), stderr: child.stderr() }
}

const drop = { log: 'events', day: OLD.slice(0, 10), action: 'drop', rows: 1, rows_exact: true }

forEachDatabase((label, open) => {
  test(`daybook prune tells, removes, and has nothing left, on ${label}`, async () => {
    const target = await open('app')
    await fill(target)
    const dry = await run(target, '--dry-run')
    expect(dry).toMatchObject({ code: 0, stderr: '' })
    expect(dry.stdout).toMatch(new RegExp(`^Would remove:\n  events  ${drop.day}  drop    1 rows  0\\.\\d MB\n$`))
    const { code, stdout } = await run(target, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'done', by: 'cli', dry_run: false, removed: [drop] })
    expect((await run(target)).stdout).toBe('Nothing was due.\n')
  })

  test(`an app prunes by itself, shows it, and does what an admin asks, on ${label}`, async () => {
    const target = await open('app')
    await fill(target)
    const dir = target.kind === 'embedded' ? target.dir : createTestFolder()
    const { api, untilTotal } = await startHost({ dir, target })
    const read = async (path: string) => (await (await api(path)).json()) as Record<string, unknown>
    const last = await waitUntil(async () => (await read('/admin/retention')).last_prune as PruneReport | null, {
      what: 'the first run',
    })
    expect(last).toMatchObject({ outcome: 'done', by: 'schedule', removed: [drop] })
    const { events } = await untilTotal(1, '&event_type=data_pruned')
    expect(events).toMatchObject([{ category: 'data_management', actor_type: 'system', payload: { rows: 1 } }])
    const prune = (body: object) =>
      waitUntil(
        async () => {
          const answer = await api('/admin/prune', { method: 'POST', body: JSON.stringify(body) })
          const report = (await answer.json()) as PruneReport
          return report.outcome !== 'busy' && report
        },
        { what: 'no other run to be under way' },
      )
    expect(await prune({ dry_run: true })).toMatchObject({ outcome: 'done', dry_run: true, removed: [] })
    expect(await prune({})).toMatchObject({ outcome: 'done', by: 'admin', removed: [] })
    const hold = { method: 'POST', body: '{"user_id":"alice","reason":"Case 7"}' }
    const { id } = (await (await api('/admin/holds', hold)).json()) as { id: string }
    const rule = { method: 'POST', body: '{"project_id":"apollo","log":"errors","days":365}' }
    expect((await api('/admin/retention/rules', rule)).status).toBe(200)
    expect(await read('/admin/retention')).toMatchObject({
      holds: [{ id, user_id: 'alice' }],
      rules: [{ project_id: 'apollo', days: 365 }],
      stopped: null,
    })
    expect((await api(`/admin/holds/${id}`, { method: 'DELETE' })).status).toBe(200)
    expect(await read('/readyz')).toMatchObject({ checks: { retention: { ok: true, reason: null } } })
  })
})

test('daybook prune leaves the embedded database to the process that has it, and names it', async () => {
  const dir = createTestFolder()
  const target: DatabaseTarget = { kind: 'embedded', dir }
  const host = startChild(CLI, ['serve', '--port', '0', '--dir', dir], { DAYBOOK_ADMIN_KEY: ADMIN_KEY })
  await host.waitForLine(/^Daybook is at/)
  const ended = await waitUntil(
    async () => {
      const { code, stderr } = await run(target)
      return code === 1 && stderr.includes('Process') && stderr
    },
    { what: 'the folder to be taken' },
  )
  expect(ended).toContain(`Process ${host.pid} has the embedded database`)
})

test('daybook prune says what is wrong with its settings and with its folder', async () => {
  const target: DatabaseTarget = { kind: 'embedded', dir: `${createTestFolder()}/none` }
  const { code, stderr } = await run(target)
  expect([code, stderr]).toEqual([1, expect.stringMatching(/has no embedded database/)])
  const wrong = startChild(CLI, ['prune'], { DAYBOOK_RETENTION_EVENTS_DAYS: 'many' })
  expect((await wrong.exit).code).toBe(1)
  expect(wrong.stderr()).toContain('DAYBOOK_RETENTION_EVENTS_DAYS: expected whole days')
})
