/** The example app with Daybook behind it, as a program: plays one conversation at once. Serves what is in PAGES. Prints `ready <url>`. */
import { once } from 'node:events'
import express from 'express'
import { createAgentApp } from '../../examples/agent-app/app.ts'
import { playConversation, UNDECIDED } from '../../examples/agent-app/conversation.ts'
import { ALERT_LIMITS, toShippedRules } from '../../src/event/alert-rules.ts'
import { eventLogging } from '../../src/index.ts'

const DAY_MS = 86_400_000
const highRisk = toShippedRules(ALERT_LIMITS).filter(({ name }) => name === 'high_risk')

const logging = eventLogging({
  service: 'agent-app',
  // Nobody is there, which the page has to say.
  alerts: {
    intervalSeconds: 0.5,
    // So that it still fires when the tests come to it.
    rules: highRisk.map((rule) => ({ ...rule, windowMs: DAY_MS })),
    webhook: { url: 'http://127.0.0.1:9/', secret: 'a secret of both sides', allowPrivate: true },
  },
})
const app = createAgentApp(logging, {
  modelDelayMs: 0,
  approvalTimeoutMs: (nth) => (nth === UNDECIDED ? 300 : 600_000),
})
app.use('/daybook', logging.router())
if (process.env.PAGES) app.use('/pages', express.static(process.env.PAGES))
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const address = server.address()
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
await playConversation(url, { pauseMs: 0 })
process.stdout.write(`ready ${url}\n`)
