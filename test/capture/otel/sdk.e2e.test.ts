/** Spans and log records of a real SDK, in the process of the app. */
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { startChild } from '../../kit/child.ts'
import { createTestFolder } from '../../kit/folder.ts'
import { readLines } from './spool-lines.ts'

async function startHost() {
  const dir = createTestFolder()
  const child = startChild(fileURLToPath(new URL('sdk-host.ts', import.meta.url)), [], { DAYBOOK_DIR: dir })
  const url = (await child.waitForLine(/^ready /)).slice('ready '.length)
  const endBy = async (path: string) => {
    await fetch(`${url}${path}`).catch(() => undefined)
    await child.exit
    return readLines(dir)
  }
  return { get: (path: string, init?: RequestInit) => fetch(`${url}${path}`, init), end: () => endBy('/stop'), endBy }
}

const typesOf = (events: readonly Readonly<Record<string, unknown>>[]) =>
  events.filter(({ event_type }) => event_type !== 'SPAN').map(({ event_type }) => event_type)

test('what an agent does in a request is one story in its trace, with its session, and the request one event', async () => {
  const { get, end } = await startHost()
  const parent = '00f067aa0ba902b7'
  await get('/ask/why', { headers: { traceparent: `00-4bf92f3577b34da6a3ce929d0e0e4736-${parent}-00` } })
  const { events, errors } = await end()
  const own = events.filter(({ trace_id }) => trace_id === '4bf92f3577b34da6a3ce929d0e0e4736')
  expect(typesOf(own)).toEqual([
    ...['AGENT_STARTED', 'TOOL_REQUEST', 'TOOL_ERROR', 'AGENT_COMPLETED', 'LOG', 'API_REQUEST'],
  ])
  const [agent, , tool, , line, request] = own.filter(({ event_type }) => event_type !== 'SPAN')
  expect(agent).toMatchObject({ status: 'in_progress', session_id: 's-1', user_id: 'ada', service: 'shop' })
  expect(tool).toMatchObject({ tool_call_id: 'c-1', session_id: 's-1', agent_id: 'clerk', status: 'failure' })
  expect(line).toMatchObject({ severity: 'warning', session_id: 's-1', action_description: 'asked' })
  expect(request).toMatchObject({ route: '/ask/:question', parent_span_id: parent })
  expect(errors).toMatchObject([{ error_type: 'TypeError', message: 'no such thing', span_id: tool?.span_id }])
  expect(JSON.stringify(own)).not.toContain('hunter2')

  // Each span hangs on one that is there, up to the request: also where nothing is sampled.
  const spans = new Map(own.map((event) => [event.span_id, event.parent_span_id]))
  for (const above of spans.values()) if (above !== parent) expect(spans.has(above)).toBe(true)
})

test('an error that instrumentation writes down as well is one, and that of another request another', async () => {
  const { get, end } = await startHost()
  const headers = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }
  await get('/boom/1', { headers })
  await get('/boom/2', { headers })
  const { events, errors } = await end()
  expect(errors.map(({ message }) => message)).toEqual(['boom', 'boom'])
  expect(typesOf(events)).toEqual(['API_ERROR', 'API_ERROR', 'API_REQUEST'])
})

test('requests to Daybook itself are no events, and make none', async () => {
  const { get, end } = await startHost()
  for (let i = 0; i < 3; i++) await get('/daybook/events')
  await get('/daybook/healthz')
  const { events } = await end()
  const [, ...others] = new Set(events.map(({ trace_id }) => trace_id))
  expect(others).toEqual([])
  expect(typesOf(events)).toEqual(['API_REQUEST'])
  expect(events).toContainEqual(expect.objectContaining({ path: '/stop' }))
})

test('a span that can not be read is not the trouble of the request', async () => {
  const { get, end } = await startHost()
  expect((await get('/hostile')).status).toBe(200)
  expect(typesOf((await end()).events)).toContain('API_REQUEST')
})

test('what a model is asked right before the process ends is written', async () => {
  const { endBy } = await startHost()
  const { events } = await endBy('/last')
  expect(events).toContainEqual(
    expect.objectContaining({ event_type: 'MESSAGE_CREATED', action_description: 'Are you there?' }),
  )
})
