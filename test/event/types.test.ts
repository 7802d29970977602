import { describe, expect, test } from '@jest/globals'
import { CATEGORIES, EVENT_TYPES, toEventType, UNKNOWN_CATEGORY } from '../../src/event/types.ts'

test.each([
  ['COMMIT', 'COMMIT'],
  ['commit', 'COMMIT'],
  ['agentSwitched', 'AGENT_SWITCHED'],
  ['AgentSwitched', 'AGENT_SWITCHED'],
  ['agent_switched', 'AGENT_SWITCHED'],
  ['agent-switched', 'AGENT_SWITCHED'],
  ['agent switched', 'AGENT_SWITCHED'],
  ['agent.switched', 'AGENT_SWITCHED'],
  ['  agent  --switched  ', 'AGENT_SWITCHED'],
  ['AUTH_API_KEY', 'AUTH_API_KEY'],
  ['step2Done', 'STEP2_DONE'],
  ['HTTPError', 'HTTPERROR'],
  ['s3upload', 'S3UPLOAD'],
  ['s3Upload', 'S3_UPLOAD'],
  ['__x__', 'X'],
  ['über', 'BER'],
  ['!?', ''],
  ['', ''],
])('%j is stored as %j', (written, stored) => {
  expect(toEventType(written)).toBe(stored)
  expect(toEventType(stored)).toBe(stored)
})

describe('the catalogue', () => {
  const types = [...EVENT_TYPES]

  test.each(types)('%s is written as it is stored, in a known category, described for people', (type, entry) => {
    expect(toEventType(type)).toBe(type)
    expect(Object.keys(CATEGORIES)).toContain(entry.category)
    expect(entry.description).toMatch(/^[A-Z].{8,}[^.]$/)
    expect(Object.isFrozen(entry)).toBe(true)
  })

  test('has the types and categories that were asked for', () => {
    const asked = [
      ...['COMMIT', 'PUSH', 'PULL_REQUEST', 'FILE_CHANGE', 'FILE_CREATE', 'FILE_DELETE', 'CLONE', 'FETCH', 'MERGE'],
      ...['COMMENT', 'REVIEW', 'AUTH_LOGIN', 'AUTH_LOGOUT', 'AUTH_API_KEY', 'AUTH_FAILURE', 'API_REQUEST'],
      ...['API_RESPONSE', 'API_ERROR', 'SYSTEM_START', 'SYSTEM_STOP', 'SYSTEM_CONFIG', 'MESSAGE_CREATED'],
      ...['AGENT_SWITCHED', 'TASK_STARTED', 'TOOL_REQUEST', 'APPROVAL_REQUIRED', 'SIM_STARTED', 'RUN_SAVED'],
      ...['SECURITY_EVENT', 'THREAT_DETECTED', 'SETTINGS_CHANGED', 'DATA_EXPORTED', 'USER_CREATED', 'ROLE_ASSIGNED'],
    ]
    expect(types.map(([type]) => type)).toEqual(expect.arrayContaining(asked))
    expect(new Set(types.map(([, { category }]) => category))).toEqual(new Set(Object.keys(CATEGORIES)))
    expect(Object.keys(CATEGORIES)).toContain(UNKNOWN_CATEGORY)
  })
})
