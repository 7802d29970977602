/** Whether what is read from the log can be trusted to be one event for each that was logged, and no more than text. */
import { expect, test } from '@jest/globals'
import { createQuarantine } from '../../src/spool/quarantine.ts'
import { createHouse } from '../api/ask.ts'
import { hear, listen } from '../api/listen.ts'
import { ADMIN_KEY, ALICE_KEY } from '../api/parts.ts'
import { daybook } from '../cli/daybook.ts'
import { createTestFolder } from '../kit/folder.ts'
import { ACTIVE_TEXTS, hasActive, LINE_ENDS } from './active-texts.ts'

const headers = { 'x-api-key': ADMIN_KEY }

const fill = (log: ReturnType<typeof createHouse>['log'], user_id?: string): void => {
  for (const text of ACTIVE_TEXTS)
    log({
      ...{ event_type: 'PUSH', action_description: text, user_id: user_id ?? text, error_code: text, host: 'ours' },
      payload: { [text]: text },
    })
}

test('an event is one line of an export and one frame of the stream, for readers that end lines at more than LF, too', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  fill(house.log)
  const exported = await (await fetch(`${url}/events/export`, { headers })).text()
  const lines = exported.split(LINE_ENDS).filter((line) => line !== '')
  const texts = lines.map((line) => JSON.parse(line).action_description)
  expect(texts.slice(0, -1)).toEqual(ACTIVE_TEXTS.toReversed())

  expect(hasActive(exported)).toBe(false)

  // From a user some columns are hidden.
  for (const key of [ADMIN_KEY, ALICE_KEY]) {
    const stream = await fetch(`${url}/events/stream`, { headers: { 'x-api-key': key } })
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    fill(house.log, 'alice')
    let heard = ''
    const toFields = (name: string) => heard.split(LINE_ENDS).filter((line) => line.startsWith(name))
    while (toFields('data: ').length < ACTIVE_TEXTS.length || !heard.endsWith('\n\n'))
      heard += (await reader?.read())?.value
    await reader?.cancel()
    const events = toFields('data: ').map((line) => JSON.parse(line.slice('data: '.length)))
    expect(events.map(({ action_description }) => action_description)).toEqual(ACTIVE_TEXTS)
    expect(events.filter(({ host }) => host !== undefined)).toHaveLength(key === ADMIN_KEY ? ACTIVE_TEXTS.length : 0)
    const isExpected = /^(?:$|data: \{|id: [\w-]+$|retry: \d+$|: alive$)/
    expect(heard.split(LINE_ENDS).filter((line) => !isExpected.test(line))).toEqual([])
    expect(hasActive(heard)).toBe(false)
  }
})

test('an event is one frame of a replay for them', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  const created_at = '2026-11-21T10:00:00Z'
  for (const text of ACTIVE_TEXTS)
    house.log({ event_type: 'PUSH', session_id: 's', action_description: text, created_at, payload: { [text]: text } })
  const heard = await (await fetch(`${url}/sessions/s/replay`, { headers })).text()
  const fields = heard.split(LINE_ENDS).filter((line) => line.startsWith('data: {"'))
  const texts = fields.map((line) => JSON.parse(line.slice('data: '.length)).action_description)
  expect(texts.toSorted()).toEqual(ACTIVE_TEXTS.toSorted())
  expect(hasActive(heard)).toBe(false)
})

test('the control: JSON alone leaves what ends a line, moves a cursor or turns text round', () => {
  const written = ACTIVE_TEXTS.map((text) => JSON.stringify(text))
  expect(written.filter((json) => json.split(LINE_ENDS).length > 1).length).toBeGreaterThan(2)
  expect(written.filter(hasActive).length).toBeGreaterThan(15)
})

test('the command line shows a terminal nothing that it would obey, that turns text round, or that is not seen', async () => {
  const house = createHouse()
  const { url } = await listen(house)
  fill(house.log)
  for (const event_type of ACTIVE_TEXTS) house.log({ event_type })
  const dir = createTestFolder()
  for (const reason of ACTIVE_TEXTS)
    createQuarantine(dir).put({ segment: 'events_2026-11-21_1-0a-1.jsonl', at: 0, reason, bytes: Buffer.from('x') })
  const env = { DAYBOOK_URL: url, DAYBOOK_KEY: ADMIN_KEY, DAYBOOK_DIR: dir, TZ: 'UTC' }
  const [shown, asJson, counted, refused] = await Promise.all(
    [['query', '--type', 'push'], ['query', '--type', 'push', '--json'], ['stats'], ['spool', 'quarantine']].map(
      (args) => daybook(args, env),
    ),
  )
  for (const ran of [shown, asJson, counted, refused]) {
    expect(ran).toMatchObject({ code: 0, err: '' })
    expect(hasActive(ran?.out ?? '\u0007')).toBe(false)
  }
  const lines = shown?.out.trimEnd().split('\n') ?? []
  expect(lines).toHaveLength(ACTIVE_TEXTS.length)
  for (const line of lines) expect(line).toMatch(/^\d{4}-\d{2}-\d{2} [\d:.]{12} {2}PUSH /)
  expect(
    asJson?.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).user_id),
  ).toEqual(ACTIVE_TEXTS.toReversed())
  expect(refused?.out.trimEnd().split('\n')).toHaveLength(ACTIVE_TEXTS.length)
})

test('a place that is none is refused, and no text of a caller comes into the frames of a stream', async () => {
  const { url } = await listen(createHouse())
  for (const id of ['x\ndata: {}', 'x\r\n\r\nevent: gap', '\u2028data: x']) {
    const { response } = await hear(`${url}/events/stream?last_event_id=${encodeURIComponent(id)}`)
    expect(response.status).toBe(400)
    expect(await response.text()).not.toContain('data: ')
  }
})
