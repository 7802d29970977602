/** A job of somebody who uses Daybook without a server: logs events of its own and reads them back. Prints what it found. */
import express from 'express'
import { eventLogging } from '../../src/index.ts'

const logging = eventLogging({
  readsOnRecord: false,
  eventTypes: {
    deployStarted: {
      description: 'A deployment started',
      category: 'workflow',
      payload: { type: 'object', required: ['version'] },
    },
  },
})
const { logger } = logging
logger.log({ event_type: 'DEPLOY_STARTED', payload: {}, user_id: 'ada' })
logger.commit({ entity_id: 'abc', user_id: 'ada' })
logger.commit({ entity_id: 'def', user_id: 'eve' })
const agent = logger.agent({ session_id: 's-1', agent_id: 'billing', user_id: 'ada' })
const failed = await agent.tool('lookup', { order: '9' }, () => Promise.reject(new Error('no'))).catch(String)
agent.approvalRequired({ tool_name: 'refund' }).denied({ by: 'grace' })
await logging.flush(60_000)

const [first] = await logger.getEvents({ limit: 1 })
const server = express().use(logging.router()).listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const address = server.address()
const port = typeof address === 'object' ? address?.port : 0
const answer = await fetch(`http://127.0.0.1:${port}/events/types`, {
  headers: { 'X-API-Key': process.env.DAYBOOK_ADMIN_KEY ?? '' },
})
const { types } = (await answer.json()) as { types: { event_type: string }[] }
const report = {
  failed,
  all: (await logger.getEvents()).map(({ event_type }) => event_type),
  rest: (await logger.getEvents({ after: first })).length,
  session: (await logger.getEvents({ session_id: 's-1', event_type: ['tool_error'] })).map(({ status }) => status),
  ofEve: (await logger.getEvents({}, { role: 'user', user_id: 'eve' })).map(({ entity_id }) => entity_id),
  marked: (await logger.getEvents({ event_type: 'deployStarted' }))[0],
  registered: types.find(({ event_type }) => event_type === 'DEPLOY_STARTED'),
  asAnonymous: await logger.getEvents({}, { role: 'anonymous' }).catch(({ code }) => code),
}
server.closeAllConnections()
server.close()
await logging.close()
const closed = await logger.getEvents().catch(({ code }) => code)
process.stdout.write(`report ${JSON.stringify({ ...report, closed })}\n`)
