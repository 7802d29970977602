import { Answered } from '../answered.tsx'
import { EventLines } from '../event-lines.tsx'
import { useCall } from '../use-call.ts'
import { Nothing, View } from '../view.tsx'

const EVERY_MS = 10_000
const EFFECTS = [
  'TOOL_RESULT',
  'TOOL_ERROR',
  'DATA_CREATED',
  'DATA_UPDATED',
  'DATA_DELETED',
  'COMMIT',
  'PUSH',
  'CONFIG_UPDATED',
]

/** The latest calls of tools and changes of data: each can be asked about. */
export function Changes() {
  const answer = useCall('findEvents', { query: { event_type: EFFECTS, limit: 100 } }, { everyMs: EVERY_MS })
  return (
    <View
      title="Who allowed this?"
      about="Choose a tool call or a change, and see who asked for it and who approved it."
    >
      <Answered of={answer} what="the latest changes">
        {({ events }) =>
          events.length === 0 ? (
            <Nothing title="Nothing has been changed yet">
              Calls of tools and changes of data appear here when agents or people make them.
            </Nothing>
          ) : (
            <EventLines events={events} to="provenance" />
          )
        }
      </Answered>
    </View>
  )
}
