import { expect, test } from '@jest/globals'
import { createHouse, type Who } from './ask.ts'

const EXPORT = {
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              ...{ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', name: 'work' },
              ...{ startTimeUnixNano: '1795255200000000000', endTimeUnixNano: '1795255200100000000' },
              attributes: [{ key: 'user.id', value: { stringValue: 'bob' } }],
            },
          ],
        },
      ],
    },
  ],
}

test.each<[Who, number]>([
  ['admin', 200],
  ['ingest', 200],
  ['user', 200],
  ['auditor', 403],
  ['wrong key', 401],
])('telemetry of role %s is a %i', async (who, status) => {
  const { post, parts } = createHouse()
  for (const path of ['/v1/traces', '/v1/logs', '/v1/metrics']) await post(path, EXPORT, who).expect(status)
  expect(parts.drafts).toHaveLength(status === 200 ? 1 : 0)
  if (status === 200) expect(parts.drafts[0]).toMatchObject({ user_id: who === 'user' ? 'alice' : 'bob' })
})
