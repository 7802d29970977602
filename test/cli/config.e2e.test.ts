/** A file of settings, through the command line. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { startChild } from '../kit/child.ts'
import { createEmbeddedFolder } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { waitUntil } from '../kit/wait-until.ts'
import { CLI, daybook } from './daybook.ts'

test('a Daybook is served, asked, shown and examined by its file, and a slip in it is named', async () => {
  const adminKey = 'a-key-of-the-file'
  const file = join(createTestFolder('config'), 'daybook.json')
  const settings = { dir: await createEmbeddedFolder(), port: 0, adminKey, redactPatterns: ['EMP-\\d{6}'] }
  writeFileSync(file, JSON.stringify(settings))
  const env = { DAYBOOK_CONFIG: file, DATABASE_URL: undefined, DAYBOOK_KEY: undefined, DAYBOOK_ADMIN_KEY: undefined }

  const served = startChild(CLI, ['serve', '--config', file], { ...env, DAYBOOK_CONFIG: undefined })
  const url = /http:\S+\//.exec(await served.waitForLine(/^Daybook is at/))?.[0] ?? ''
  const { status } = await fetch(`${url}events`, {
    method: 'POST',
    headers: { 'x-api-key': adminKey, 'content-type': 'application/json' },
    body: JSON.stringify({ event_type: 'COMMIT', action_description: 'Badge EMP-123456 was made' }),
  })
  expect(status).toBe(202)
  const found = await waitUntil(
    async () => {
      const { out } = await daybook(['query', '--type', 'commit', '--json', '--url', url], env)
      return out === '' ? undefined : JSON.parse(out)
    },
    { what: 'the event' },
  )
  expect(found.action_description).toBe('Badge [REDACTED] was made')
  await served.kill()

  const shown = await daybook(['config', '--json'], { ...env, DAYBOOK_IP: 'drop' })
  expect(JSON.parse(shown.out)).toMatchObject({
    file,
    settings: expect.arrayContaining([
      { option: 'adminKey', value: '(not shown)', from: 'file', variable: 'DAYBOOK_ADMIN_KEY' },
      { option: 'ip', value: 'drop', from: 'environment', variable: 'DAYBOOK_IP' },
    ]),
  })

  writeFileSync(file, JSON.stringify({ ...settings, redactEmail: true, slowMs: 'x' }))
  const lines = [
    `${file}: redactEmail: no such option; did you mean redactEmails?`,
    `${file}: slowMs: expected milliseconds.`,
  ]
  const refused = await daybook(['serve', '--config', file], { ...env, DAYBOOK_CONFIG: undefined })
  expect(refused).toEqual({ code: 1, out: '', err: `Daybook can't start:\n  - ${lines.join('\n  - ')}\n` })
  const doctor = await daybook(['doctor'], env)
  expect(doctor.code).toBe(1)
  for (const line of lines) expect(doctor.out).toContain(line)
})
