import express, { type ErrorRequestHandler, type Express } from 'express'
import { createStreamManager, type EventLogging } from '../../src/index.ts'
import { AgentBus } from './agent-bus.ts'
import { ApprovalManager } from './approval-manager.ts'
import { createApprovals } from './approvals.ts'
import { createChat } from './chat.ts'
import { createScriptedModel } from './scripted-model.ts'

export interface AgentAppOptions {
  /** How long the scripted model thinks. Default 250. */
  readonly modelDelayMs?: number
  /** How long an approval waits for a person; may differ from the first that is asked for to the next. Default 15000. */
  readonly approvalTimeoutMs?: number | ((nth: number) => number)
}

/**
 * A shop's support chat: triage passes orders on to billing, which may refund one when a person approves.
 * Paths it doesn't know fall through, so it can sit in front of other routes. For that reason bodies are parsed route by
 * route: a parser for the whole app would eat the bodies of the routes behind it.
 */
export function createAgentApp(logging: EventLogging, options: AgentAppOptions = {}): Express {
  const { modelDelayMs = 250, approvalTimeoutMs = 15_000 } = options
  const toTimeoutMs = typeof approvalTimeoutMs === 'number' ? () => approvalTimeoutMs : approvalTimeoutMs
  const bus = new AgentBus()
  const streams = createStreamManager(logging.logger)
  bus.on('event', (draft) => streams.publish(draft.session_id, draft))
  const parts = { bus, approvals: new ApprovalManager(toTimeoutMs), ask: createScriptedModel(modelDelayMs) }

  const app = express()
  app.use(logging)
  app.get('/demo/hello', (req, res) => void res.json({ hello: String(req.query.name ?? 'world') }))
  app.get('/demo/error', () => {
    throw new Error('The demo failed, as it was asked to')
  })
  app.get('/chat/:session/stream', (req, res) => streams.open(req.params.session, req, res))
  app.use(createChat(parts))
  app.use(createApprovals(parts))
  app.use(logging.errorHandler())
  app.use(answerError)
  return app
}

/** Daybook writes an error down and passes it on; what the client hears of it is the app's to say. */
const answerError: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (res.headersSent) return next(error)
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
  res.status(status).json({ error: status < 500 && error instanceof Error ? error.message : 'Something went wrong.' })
}
