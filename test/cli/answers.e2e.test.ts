/** What commands make of answers that come late, in part, or to nobody. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { startChild } from '../kit/child.ts'
import { onTestEnd } from '../kit/clean-up.ts'
import { createTestFolder } from '../kit/folder.ts'
import { CLI, daybook } from './daybook.ts'

const EVENT = { id: '019ac0f3-5a54-7b1c-8f0e-2d6c3c1f5a10', timestamp: '2026-11-21T10:00:00.000000Z', event_type: 'A' }

/** A Daybook as far as one call goes. */
async function startStub(answer: (path: string, res: ServerResponse) => void): Promise<string[]> {
  const server = createServer(({ url = '' }, res) => answer(url, res)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  return ['--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`, '--key', 'k']
}

const answerJson = (res: ServerResponse, body: object, status = 200): void =>
  void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

test.each([
  ['is cut', (res: ServerResponse) => void setTimeout(() => res.destroy(), 100)],
  ['ends with an event that speaks of something complete', (res: ServerResponse) => void res.end()],
])('an export that %s is told to go on', async (_, end) => {
  const args = await startStub((_path, res) => {
    res.write(`${JSON.stringify({ ...EVENT, payload: { complete: true } })}\n`)
    end(res)
  })
  const output = join(createTestFolder(), 'all.jsonl')
  const { code, err } = await daybook(['export', '-o', output, ...args])
  expect([code, err]).toEqual([1, 'The export broke off; go on with --after and the id of its last event.\n'])
  expect(existsSync(output)).toBe(true)
})

test('where the events before are refused, tail says so instead of waiting for the next', async () => {
  const args = await startStub((path, res) => {
    if (!path.startsWith('/events/stream')) return answerJson(res, { detail: 'limit is too high' }, 400)
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n')
  })
  const tail = startChild(CLI, ['tail', '-n', '5000', ...args], { NO_COLOR: '1' })
  await tail.waitForLine(/limit is too high/, 20_000)
  expect(await tail.exit).toMatchObject({ code: 3 })
})

test('who has read enough, as head has, ends a command without a word', async () => {
  const events = Array.from({ length: 1_000 }, () => ({ ...EVENT, action_description: 'x'.repeat(500) }))
  let pages = 0
  const args = await startStub((path, res) => {
    if (!path.startsWith('/events/export'))
      return answerJson(res, { events, total: 5_000, next_cursor: ++pages % 5 === 0 ? null : 'more' })
    for (const event of events) res.write(`${JSON.stringify(event)}\n`)
    res.end('{"export":{"complete":true}}\n')
  })
  for (const command of ['query --all', 'export']) {
    const line = `set -o pipefail; "${process.execPath}" "${CLI}" ${command} ${args.join(' ')} | head -c 20`
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line], {
      env: { ...process.env, NO_COLOR: '1' },
    })
    expect([stdout.length, stderr]).toEqual([20, ''])
  }
})
