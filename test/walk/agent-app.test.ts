import type { Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import request from 'supertest'
import { type AgentAppOptions, createAgentApp } from '../../examples/agent-app/app.ts'
import { playConversation, UNDECIDED } from '../../examples/agent-app/conversation.ts'
import type { Draft } from '../../src/event/event.ts'
import type { EventLogging } from '../../src/index.ts'
import { waitUntil } from '../kit/wait-until.ts'

let drafts: Draft[]
let errors: unknown[]
let server: Server
let url: string

beforeEach(() => start())
afterEach(() => stop())

async function start(options: AgentAppOptions = {}): Promise<void> {
  drafts = []
  errors = []
  const app = createAgentApp(createRecordingLogging(), { modelDelayMs: 0, ...options })
  app.use('/behind', (_req, res) => void res.json({ behind: true }))
  server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

async function stop(): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

/** Passes requests through and keeps what is logged. */
function createRecordingLogging(): EventLogging {
  const middleware: RequestHandler = (_req, _res, next) => next()
  const errorHandler = (): ErrorRequestHandler => (error, _req, res, _next) => {
    errors.push(error)
    res.status(500).json({ error: 'failed' })
  }
  const log = (draft: Draft) => void drafts.push(draft)
  // The app needs no more of `logging` than this.
  return Object.assign(middleware, { logger: { log }, errorHandler }) as unknown as EventLogging
}

const types = (of: readonly Draft[] = drafts) => of.map((draft) => draft.event_type)
const distinct = (name: keyof Draft, of: readonly Draft[] = drafts) => [...new Set(of.map((draft) => draft[name]))]

const askForRefund = async (sessionId: string) => {
  const answer = await request(url)
    .post(`/chat/${sessionId}/messages`)
    .send({ user: 'ada', text: 'Please refund order 1042.' })
  expect(answer.status).toBe(202)
  return String(answer.body.waiting_for_approval)
}

/** The reply, once the agents have said their last word. */
const readReply = (sessionId: string): Promise<string> =>
  waitUntil(
    async () => {
      const { body } = await request(url).get(`/chat/${sessionId}/messages`)
      const last = body.messages.at(-1)
      return last.role === 'agent' && String(last.text)
    },
    { what: 'the agents to reply' },
  )

const TRIAGE = ['AGENT_STARTED', 'TASK_STARTED', 'MODEL_CALL', 'AGENT_SWITCHED', 'TASK_COMPLETED', 'AGENT_COMPLETED']
const END_OF_BILLING = ['MODEL_CALL', 'MESSAGE_CREATED', 'TASK_COMPLETED', 'AGENT_COMPLETED']

describe('the example agent app', () => {
  test('a refund that is granted makes each event from the message to the end of the session', async () => {
    const id = await askForRefund('s1')
    await request(url).post(`/approvals/${id}`).send({ decision: 'granted', by: 'grace' }).expect(200)
    expect(await readReply('s1')).toBe('Done. Order 1042 is refunded.')
    await request(url).delete('/chat/s1').expect(204)

    expect(types()).toEqual([
      'SESSION_STARTED',
      'MESSAGE_CREATED',
      ...TRIAGE,
      ...['AGENT_STARTED', 'TASK_STARTED', 'MODEL_CALL', 'TOOL_REQUEST', 'TOOL_RESULT'],
      ...['MODEL_CALL', 'TOOL_REQUEST', 'APPROVAL_REQUIRED', 'APPROVAL_GRANTED', 'TOOL_RESULT'],
      ...END_OF_BILLING,
      'SESSION_ENDED',
    ])
    expect(distinct('session_id')).toEqual(['s1'])
    expect(distinct('project_id')).toEqual(['shop-support'])
  })

  test('one tool_call_id links a call from its request over the approval to its result', async () => {
    const id = await askForRefund('s1')
    await request(url).post(`/approvals/${id}`).send({ decision: 'granted', by: 'grace' })
    await readReply('s1')

    const refund = drafts.filter((draft) => draft.tool_name === 'issue_refund')
    expect(types(refund)).toEqual(['TOOL_REQUEST', 'APPROVAL_REQUIRED', 'APPROVAL_GRANTED', 'TOOL_RESULT'])
    expect(distinct('tool_call_id', refund)).toEqual([expect.stringMatching(/^call_/)])

    const lookup = drafts.filter((draft) => draft.tool_name === 'lookup_order')
    expect(types(lookup)).toEqual(['TOOL_REQUEST', 'TOOL_RESULT'])
    expect(distinct('tool_call_id', lookup)).not.toEqual(distinct('tool_call_id', refund))
  })

  test('events say who acted and for whom', async () => {
    const id = await askForRefund('s1')
    await request(url).post(`/approvals/${id}`).send({ decision: 'granted', by: 'grace' })
    await readReply('s1')

    const find = (type: string) => drafts.find((draft) => draft.event_type === type)
    expect(find('SESSION_STARTED')).toMatchObject({ actor_type: 'user', actor_id: 'ada', user_id: 'ada' })
    expect(find('TOOL_REQUEST')).toMatchObject({ actor_type: 'agent', agent_id: 'billing', on_behalf_of: 'ada' })
    expect(find('APPROVAL_GRANTED')).toMatchObject({ actor_type: 'user', actor_id: 'grace', agent_id: 'billing' })
    expect(find('MODEL_CALL')).toMatchObject({ model: 'scripted-1', cost: expect.any(Number) })
  })

  test('a refund that is denied is never made, and the customer hears why', async () => {
    const id = await askForRefund('s2')
    await request(url).post(`/approvals/${id}`).send({ decision: 'denied', by: 'grace' }).expect(200)

    expect(await readReply('s2')).toContain('grace did not approve it')
    const refund = drafts.filter((draft) => draft.tool_name === 'issue_refund')
    expect(types(refund)).toEqual(['TOOL_REQUEST', 'APPROVAL_REQUIRED', 'APPROVAL_DENIED'])
    expect(refund.at(-1)).toMatchObject({ approval_status: 'denied' })
  })

  test('a refund on which nobody decides in time is never made, and the customer hears why', async () => {
    await stop()
    await start({ approvalTimeoutMs: 20 })
    const id = await askForRefund('s2')
    expect(await readReply('s2')).toContain('Nobody decided in time')
    const refund = drafts.filter((draft) => draft.tool_name === 'issue_refund')
    expect(types(refund)).toEqual(['TOOL_REQUEST', 'APPROVAL_REQUIRED', 'APPROVAL_EXPIRED'])
    expect(refund.at(-1)).toMatchObject({ approval_status: 'expired', duration_ms: expect.any(Number) })
    await request(url).post(`/approvals/${id}`).send({ decision: 'granted', by: 'grace' }).expect(404)
  })

  test('an approval is decided once', async () => {
    const id = await askForRefund('s3')
    await request(url).post(`/approvals/${id}`).send({ decision: 'denied', by: 'grace' }).expect(200)
    await request(url).post(`/approvals/${id}`).send({ decision: 'granted', by: 'mallory' }).expect(404)
    expect(types()).not.toContain('APPROVAL_GRANTED')
  })

  test('a session takes no message while its agents wait for an approval', async () => {
    await askForRefund('s4')
    const second = await request(url).post('/chat/s4/messages').send({ user: 'ada', text: 'And order 1043?' })
    expect(second.status).toBe(409)
  })

  test('a tool that fails is a TOOL_ERROR with a code', async () => {
    const answer = await request(url).post('/chat/s5/messages').send({ user: 'ada', text: 'Where is order 9999?' })
    expect(answer.body).toEqual({ reply: expect.stringContaining('There is no order') })
    const failed = drafts.find((draft) => draft.event_type === 'TOOL_ERROR')
    expect(failed).toMatchObject({ status: 'failure', error_code: 'order_not_found', tool_name: 'lookup_order' })
  })

  test('a message without a text makes no event', async () => {
    await request(url).post('/chat/s6/messages').send({ user: 'ada' }).expect(400)
    expect(drafts).toEqual([])
  })

  test('an unknown path falls through to what is mounted behind the app, its body unread', async () => {
    const answer = await request(url).post('/behind').send({ kept: true })
    expect(answer.body).toEqual({ behind: true })
  })

  test('the scripted conversation is one story: a failing tool, a denial, one nobody decided on, a refund', async () => {
    await stop()
    await start({ approvalTimeoutMs: (nth) => (nth === UNDECIDED ? 20 : 600_000) })
    await playConversation(url, { pauseMs: 1 })
    const told = types().filter((type) => /^(SESSION|TOOL_ERROR|APPROVAL|AGENT_SWITCHED)/.test(String(type)))
    expect(told).toEqual([
      'SESSION_STARTED',
      ...['AGENT_SWITCHED', 'TOOL_ERROR'],
      ...['AGENT_SWITCHED', 'APPROVAL_REQUIRED', 'APPROVAL_DENIED'],
      ...['AGENT_SWITCHED', 'APPROVAL_REQUIRED', 'APPROVAL_EXPIRED'],
      ...['AGENT_SWITCHED', 'APPROVAL_REQUIRED', 'APPROVAL_GRANTED'],
      'SESSION_ENDED',
    ])
    expect(distinct('session_id')).toHaveLength(1)
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('demo failed') })])
  })
})
