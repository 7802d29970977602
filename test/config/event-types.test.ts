/** `eventLogging({ eventTypes })`: what is understood, and what stops the start. */
import { describe, expect, test } from '@jest/globals'
import type { Options } from '../../src/config/options.ts'
import { resolveConfig } from '../../src/config/resolve.ts'
import { Fault, toReason } from '../../src/event/fault.ts'

const KNOWN = { description: 'A deployment started', category: 'workflow' }
const complaint = (eventTypes: unknown): string | undefined => {
  try {
    resolveConfig({ eventTypes } as Options, {})
    return undefined
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_options' })
    return error instanceof Fault ? error.message : toReason(error)
  }
}

test('a type is known by its stored name, with its words', () => {
  const { eventTypes } = resolveConfig({ eventTypes: { deployStarted: KNOWN } } as Options, {})
  expect([...eventTypes]).toEqual([['DEPLOY_STARTED', KNOWN]])
  expect(resolveConfig({}, {}).eventTypes.size).toBe(0)
})

describe('a schema', () => {
  const DRAFT_07 = 'http://json-schema.org/draft-07/schema#'
  const DRAFT_2020 = 'https://json-schema.org/draft/2020-12/schema'
  test.each([{}, { $schema: DRAFT_07 }, { $schema: DRAFT_2020 }, { $id: 'deploy' }])('%j can be used', (head) => {
    const payload = { ...head, type: 'object', properties: { n: { type: 'integer' } } }
    const { eventTypes } = resolveConfig({ eventTypes: { T: { ...KNOWN, payload } } } as Options, {})
    expect(eventTypes.get('T')?.check?.({ n: 1 })).toEqual([])
    expect(eventTypes.get('T')?.check?.({ n: 'x' })).toEqual(['/n must be integer'])
  })

  test('may ask for what it does not describe', () => {
    const payload = { type: 'object', required: ['n'] }
    const { eventTypes } = resolveConfig({ eventTypes: { T: { ...KNOWN, payload } } } as Options, {})
    expect(eventTypes.get('T')?.check?.({})).toEqual(["payload must have required property 'n'"])
  })

  test('of each type is its own', () => {
    const of = (type: string) => ({ ...KNOWN, payload: { type } })
    const { eventTypes } = resolveConfig({ eventTypes: { A: of('string'), B: of('number') } } as Options, {})
    expect([...eventTypes.values()].map(({ check }) => check?.('text'))).toEqual([[], ['payload must be number']])
  })
})

test.each([
  ['a list', [], /eventTypes: expected an object of types by name/],
  ['text', 'DEPLOY', /eventTypes: expected an object of types by name/],
  ['a type that is text', { T: 'x' }, /eventTypes\.T: expected \{ description, category \}/],
  ['no description', { T: { category: 'api' } }, /T: description: expected a sentence/],
  ['no such category', { T: { ...KNOWN, category: 'toString' } }, /T: category: expected one of authentication, /],
  ['a built-in name', { commit: KNOWN }, /eventTypes\.commit: this type is built in/],
  ['a name without letters', { '--': KNOWN }, /expected a name of letters/],
  ['a name without end', { ['A'.repeat(65)]: KNOWN }, /at most 64/],
  ['one name twice', { deployStarted: KNOWN, DEPLOY_STARTED: KNOWN }, /is called DEPLOY_STARTED already/],
  ['a misspelt member', { T: { ...KNOWN, paylaod: {} } }, /T: paylaod: no such member; did you mean payload\?/],
  ['a schema that is text', { T: { ...KNOWN, payload: 'object' } }, /T: payload: expected a JSON Schema/],
  ['a schema with an unknown type', { T: { ...KNOWN, payload: { type: 'text' } } }, /T: payload is no JSON Schema/],
  ['a schema with an unknown word', { T: { ...KNOWN, payload: { requird: [] } } }, /unknown keyword: "requird"/],
  ['a schema that is elsewhere', { T: { ...KNOWN, payload: { $ref: 'http://h/x' } } }, /can't resolve reference/],
  ['a schema that waits', { T: { ...KNOWN, payload: { $async: true } } }, /\$async/],
])('%s stops the start', (_, eventTypes, expected) => {
  expect(complaint(eventTypes)).toMatch(expected)
})

test('all that is wrong is named at once, with what else is', () => {
  const eventTypes = { COMMIT: KNOWN, A: {}, B: { ...KNOWN, payload: { type: 'text' } } }
  const message = (() => {
    try {
      return void resolveConfig({ eventTypes, dir: '' } as unknown as Options, {})
    } catch (error) {
      return toReason(error)
    }
  })()
  for (const named of ['dir:', '.COMMIT:', '.A: description', '.A: category', '.B: payload'])
    expect(message).toContain(named)
})
