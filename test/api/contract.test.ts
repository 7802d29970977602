import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { toTypes } from '../../openapi/generate.ts'
import { type Parameter, readSpec } from '../../src/api/spec.ts'
import { ERROR_COLUMNS, EVENT_COLUMNS } from '../../src/event/columns.ts'
import { ERROR_FILTERS, EVENT_FILTERS, TOTAL_CAP } from '../../src/event/query.ts'

interface Property {
  readonly enum?: readonly unknown[]
  readonly description?: string
}
interface ObjectSchema {
  readonly properties: Readonly<Record<string, Property>>
}

const spec = readSpec()
const { paths, components } = spec
const schemas = components.schemas as Readonly<Record<string, ObjectSchema>>
const names = (schema: string) => Object.keys(schemas[schema]?.properties ?? {}).sort()

const parameters = (path: string) =>
  (paths[path]?.get?.parameters ?? []).map((parameter) => {
    if (!('$ref' in parameter)) return parameter.name
    const named = components.parameters?.[parameter.$ref.split('/').at(-1) ?? '']
    return (named as Parameter | undefined)?.name
  })

describe('the contract', () => {
  test('has every column of events and errors, and no other', () => {
    const columns = Object.keys(EVENT_COLUMNS)
    const taken = columns.filter((name) => name !== 'id' && name !== 'tx_id')
    expect(names('Event')).toEqual([...columns, 'timestamp', 'system_event'].sort())
    expect(names('EventInput')).toEqual([...taken, 'timestamp', 'idempotency_key'].sort())
    expect(names('Error')).toEqual(Object.keys(ERROR_COLUMNS).sort())
  })

  test.each([
    ['Event', EVENT_COLUMNS, []],
    ['EventInput', EVENT_COLUMNS, [null]],
    ['Error', ERROR_COLUMNS, []],
  ] as const)('%s has the words of each column', (schema, columns, more) => {
    const worded = Object.entries(columns).filter(([, kind]) => Array.isArray(kind))
    expect(worded.length).toBeGreaterThan(0)
    for (const [name, words] of worded) expect(schemas[schema]?.properties[name]?.enum).toEqual([...words, ...more])
  })

  test('has every filter, and statistics take the same', () => {
    const times = ['start_time', 'end_time']
    expect(parameters('/events')).toEqual([...EVENT_FILTERS, 'date', ...times, 'limit', 'cursor'])
    expect(parameters('/events/stats')).toEqual([...EVENT_FILTERS, 'date', ...times])
    expect(parameters('/errors')).toEqual([...ERROR_FILTERS, ...times, 'limit', 'cursor'])
    expect(names('EventFilters')).toEqual([...EVENT_FILTERS, 'date', ...times].sort())
    expect(names('ErrorFilters')).toEqual([...ERROR_FILTERS, ...times].sort())
  })

  test('says the cap of totals', () => {
    expect(schemas.EventPage?.properties.total?.description).toContain(String(TOTAL_CAP))
  })

  test('the generated types are those of the file', async () => {
    const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
    const types = await toTypes(read('../../openapi/openapi.yaml'))
    expect(types).toBe(read('../../src/api/contract.generated.ts'))
  })
})
