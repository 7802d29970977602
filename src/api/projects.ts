/** A project as its members see it; which of its rows they see, their viewer decides. */
import type { ApiParts } from '../event/ports/api.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { EventPage, ProjectAnalytics } from './contract.generated.ts'
import { toEventPage } from './events.ts'
import { toEventQuery, toTimelineQuery } from './query.ts'

export function createProjectHandlers({ events }: Pick<ApiParts, 'events'>): Handlers {
  const findProjectEvents = async ({ viewer, id, query: values }: Call): Promise<Answer<EventPage>> => {
    const { query, date, filters_applied } = toEventQuery({ ...values, project_id: [id] })
    return {
      status: 200,
      body: { ...toEventPage(await events.find(viewer, { ...query, ofProject: id })), date, filters_applied },
    }
  }

  const getProjectAnalytics = async ({ viewer, id, query: values }: Call): Promise<Answer<ProjectAnalytics>> => {
    const { query, date, filters_applied } = toEventQuery({ ...values, project_id: [id] })
    const asked = { ...query, ofProject: id, timeline: toTimelineQuery(values) }
    const { stats, timeline, ...rest } = await events.analytics(viewer, asked)
    const { buckets, interval } = timeline
    const body = { project_id: id, ...stats, interval, buckets, ...rest, date, filters_applied }
    return { status: 200, body: body as ProjectAnalytics }
  }

  return { findProjectEvents, getProjectAnalytics }
}
