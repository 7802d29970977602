import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { startChild } from '../kit/child.ts'
import { forEachDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { ADMIN_KEY } from './start-host.ts'

forEachDatabase((_label, openTarget) => {
  test('an app logs events and types of its own, and reads them back as whom it likes', async () => {
    const target = await openTarget('app')
    const child = startChild(fileURLToPath(new URL('own-events.ts', import.meta.url)), [], {
      DAYBOOK_ADMIN_KEY: ADMIN_KEY,
      DAYBOOK_DIR: target.kind === 'embedded' ? target.dir : createTestFolder(),
      ...(target.kind === 'postgres' ? { DATABASE_URL: target.url } : {}),
    })
    const line = await child.waitForLine(/^report /)
    expect(JSON.parse(line.slice('report '.length))).toEqual({
      failed: 'Error: no',
      all: [
        ...['APPROVAL_DENIED', 'APPROVAL_REQUIRED', 'TOOL_ERROR', 'TOOL_REQUEST'],
        ...['COMMIT', 'COMMIT', 'DEPLOY_STARTED'],
      ],
      rest: 6,
      session: ['failure'],
      ofEve: ['def'],
      marked: expect.objectContaining({
        category: 'workflow',
        metadata: { payload_errors: ["payload must have required property 'version'"] },
      }),
      registered: {
        ...{ event_type: 'DEPLOY_STARTED', category: 'workflow', description: 'A deployment started' },
        ...{ count: 1, seen: true, built_in: false },
      },
      asAnonymous: 'forbidden',
      closed: 'invalid_request',
    })
    expect((await child.exit).code).toBe(0)
  })
})
