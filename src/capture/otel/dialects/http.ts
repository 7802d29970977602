/** HTTP server spans, by the stable conventions: https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
import type { Draft } from '../../../event/event.ts'
import type { Dialect } from '../dialect.ts'
import type { Attributes, Span } from '../span.ts'
import { toNumber, toWord } from '../values.ts'

export const http: Dialect = {
  operation: ({ kind, attributes }) =>
    kind === 'server' && toWord(attributes['http.request.method']) ? 'request' : undefined,
  lifts: {
    user_id: ['enduser.id', 'enduser.pseudo.id'],
    error_code: ['rpc.response.status_code', 'http.response.status_code'],
  },
}

/** Columns of an answered request. */
export function toRequestFields({ attributes, name }: Span): Partial<Draft> {
  const method = toWord(attributes['http.request.method'])
  const route = toWord(attributes['http.route'])
  const path = toWord(attributes['url.path'])
  return {
    action_description: method && (route ?? path) ? `${method} ${route ?? path}` : name,
    method,
    route,
    path,
    status_code: toNumber(attributes['http.response.status_code']),
    source_ip: toWord(attributes['client.address']) ?? toWord(attributes['network.peer.address']),
    user_agent: toWord(attributes['user_agent.original']),
    metadata: toSizes(attributes),
  }
}

const SIZES = ['http.request.body.size', 'http.response.body.size'] as const

function toSizes(attributes: Attributes): object | undefined {
  const sizes = SIZES.filter((name) => toNumber(attributes[name]) !== undefined)
  return sizes.length > 0 ? Object.fromEntries(sizes.map((name) => [name, attributes[name]])) : undefined
}
