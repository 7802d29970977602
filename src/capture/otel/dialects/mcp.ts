/** The Model Context Protocol, by OpenTelemetry's conventions: the client's span of a request and the server's. */
import type { Dialect } from '../dialect.ts'
import { toWord } from '../values.ts'

const METHOD = 'mcp.method.name'
const CALL = 'tools/call '

export const mcp: Dialect = {
  operation({ attributes }) {
    const method = toWord(attributes[METHOD])
    return method === undefined ? undefined : method === 'tools/call' ? 'tool' : 'node'
  },
  lifts: {
    // The last resort: a session of the transport, not of a conversation.
    session_id: ['mcp.session.id'],
    tool_name: [({ name }) => (name.startsWith(CALL) ? name.slice(CALL.length) : undefined)],
  },
}
