/** What happened in one session, run or trace, and who allowed one event. */
import { Fault } from '../event/fault.ts'
import type { ApiParts } from '../event/ports/api.ts'
import type { StoryColumn } from '../event/story.ts'
import { normaliseTraceId } from '../event/trace.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { EventProvenance, EventStory, TraceStory } from './contract.generated.ts'
import { toEventPage } from './events.ts'
import { toPageQuery, toSpan } from './query.ts'

export function createStoryHandlers({ stories }: Pick<ApiParts, 'stories'>): Handlers {
  const tell =
    (column: StoryColumn) =>
    async ({ viewer, id, query: values }: Call): Promise<Answer<EventStory>> => {
      const page = await stories.story(viewer, { column, id, ...toPageQuery(values), ...toSpan(values) })
      return { status: 200, body: { [column]: id, ...toEventPage(page) } as EventStory }
    }

  const getTrace = async ({ viewer, id }: Call): Promise<Answer<TraceStory>> => {
    const trace_id = normaliseTraceId(id)
    if (!trace_id) throw new Fault('invalid_request', 'trace_id: it must be 32 hex digits or a UUID, not all zeros.')
    const trace = await stories.trace(viewer, trace_id)
    if (!trace) throw new Fault('not_found', 'There is no such trace, or nothing of it is yours to see.')
    return { status: 200, body: trace as TraceStory }
  }

  const getProvenance = async ({ viewer, id }: Call): Promise<Answer<EventProvenance>> => {
    const found = await stories.provenance(viewer, id)
    if (!found) throw new Fault('not_found', 'There is no such event, or it is not yours to see.')
    return { status: 200, body: { id, ...found } as EventProvenance }
  }

  return { findSessionEvents: tell('session_id'), findRunEvents: tell('run_id'), getTrace, getProvenance }
}
