import { createEventLogger } from '../../../src/capture/logger.ts'
import { createRecorder } from '../recorder.ts'

export const IDS = { session_id: 's-1', agent_id: 'billing', user_id: 'ada', project_id: 'shop', run_id: 'r-1' }

/** An agent and what it logged. */
export function createHouse() {
  const recorder = createRecorder()
  const logger = createEventLogger(recorder)
  const { events, errors, refused } = recorder
  const last = () => events.at(-1)
  const types = () => events.map(({ event_type }) => event_type)
  return { logger, agent: logger.agent(IDS), events, errors, refused, last, types }
}
