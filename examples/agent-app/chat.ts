import express, { type Request, type Response, Router } from 'express'
import type { AgentParts } from './agents.ts'
import { runAgents } from './agents.ts'
import type { Approval } from './approval-manager.ts'
import { toElapsedMs } from './elapsed.ts'
import { byUser, type Session } from './session.ts'

type InSession = Request<{ sessionId: string }>

/** The chat endpoints: write a message, read what was said, end the session. */
export function createChat(parts: AgentParts): Router {
  const sessions = new Map<string, Session>()
  const router = Router()

  router.post('/chat/:sessionId/messages', express.json(), async (req: InSession, res: Response) => {
    const { user, text } = req.body ?? {}
    if (!isText(user) || !isText(text)) return void res.status(400).json({ error: 'Send {"user": …, "text": …}.' })
    const session = sessions.get(req.params.sessionId) ?? start(req.params.sessionId, user)
    if (session.isBusy) return void res.status(409).json({ error: 'The agents still work on the last message.' })

    session.messages.push({ role: 'user', from: user, text })
    parts.bus.say({
      ...byUser(session),
      event_type: 'MESSAGE_CREATED',
      action_description: text,
      payload: { role: 'user', length: text.length },
    })
    const approval = await answer(session)
    const said = session.messages.at(-1)
    if (approval) res.status(202).json({ waiting_for_approval: approval.id, tool_name: approval.tool_name })
    else res.json({ reply: said?.text })
  })

  router.get('/chat/:sessionId/messages', (req, res) => {
    const session = sessions.get(req.params.sessionId)
    if (session) res.json({ messages: session.messages })
    else res.status(404).json({ error: 'There is no session with this id.' })
  })

  router.delete('/chat/:sessionId', (req, res) => {
    const session = sessions.get(req.params.sessionId)
    if (!session) return void res.status(404).json({ error: 'There is no session with this id.' })
    sessions.delete(session.id)
    parts.bus.say({
      ...byUser(session),
      event_type: 'SESSION_ENDED',
      action_description: `${session.user} ended the session`,
      duration_ms: toElapsedMs(session.startedAt),
      payload: { messages: session.messages.length },
    })
    res.status(204).end()
  })

  return router

  function start(id: string, user: string): Session {
    const session = { id, user, startedAt: performance.now(), messages: [], isBusy: false }
    sessions.set(id, session)
    const action_description = `${user} started a session`
    parts.bus.say({ ...byUser(session), event_type: 'SESSION_STARTED', action_description })
    return session
  }

  /** Resolves when the agents have answered, or with the approval they wait for; then they go on by themselves. */
  async function answer(session: Session): Promise<Approval | undefined> {
    const waiting = Promise.withResolvers<Approval>()
    session.isBusy = true
    const done = runAgents(parts, session, waiting.resolve).finally(() => {
      session.isBusy = false
    })
    return await Promise.race([done.then(() => undefined), waiting.promise])
  }
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 2000
