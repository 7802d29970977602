import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { toTypes } from '../../openapi/generate.ts'
import { type Parameter, readSpec, toOperations } from '../../src/api/spec.ts'
import { ERROR_COLUMNS, EVENT_COLUMNS } from '../../src/event/columns.ts'
import { DIVIDED_BY, INTERVALS } from '../../src/event/figures.ts'
import {
  ERROR_FILTERS,
  EVENT_FILTERS,
  EVENT_LEAST,
  MAX_OFFSET,
  ORDERS,
  TOTAL_CAP,
  WORDS_CAP,
} from '../../src/event/query.ts'

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

const named = (name: string) => components.parameters?.[name] as Parameter & { readonly description: string }

const parameters = (path: string) =>
  (paths[path]?.get?.parameters ?? []).map((parameter) => {
    if (!('$ref' in parameter)) return parameter.name
    const named = components.parameters?.[parameter.$ref.split('/').at(-1) ?? '']
    return (named as Parameter | undefined)?.name
  })

describe('the contract', () => {
  test('is as OpenAPI wants it, which no app looks at when it starts', () => {
    expect(toOperations(structuredClone(spec))).toEqual(toOperations(spec))
    const broken = structuredClone({ ...spec, info: { title: 'It has no version' } }) as typeof spec
    expect(() => toOperations(broken)).toThrow(/info must have required property 'version'/)
  })

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
    const asked = [...EVENT_FILTERS, ...Object.keys(EVENT_LEAST), 'q', 'date', 'tz', ...times]
    const page = ['limit', 'cursor', 'offset', 'order']
    expect(parameters('/events')).toEqual([...asked, ...page, 'fields'])
    expect(parameters('/events/stats')).toEqual(asked)
    expect(parameters('/events/timeline')).toEqual([...asked, 'interval', 'by'])
    expect(parameters('/errors')).toEqual([...ERROR_FILTERS, 'q', ...times, ...page])
    expect(names('EventFilters')).toEqual(asked.sort())
    expect(parameters('/errors/groups')).toEqual([...ERROR_FILTERS, 'q', ...times, 'limit', 'offset', 'state'])
    expect(names('ErrorFilters')).toEqual([...ERROR_FILTERS, 'q', 'state', ...times].sort())
  })

  test('has the words and bounds that the store has', () => {
    const schemaOf = (name: string) => named(name).schema as Record<string, unknown>
    expect(schemaOf('Fields').items).toMatchObject({
      enum: [...Object.keys(EVENT_COLUMNS), 'timestamp', 'system_event'],
    })
    expect(schemaOf('Offset').maximum).toBe(MAX_OFFSET)
    expect(schemaOf('Order').enum).toEqual(ORDERS)
    expect(schemaOf('Interval').enum).toEqual(INTERVALS)
    expect(schemaOf('DividedBy').enum).toEqual(DIVIDED_BY)
    expect(named('Words').description).toContain(String(WORDS_CAP))
  })

  test('says of each operation that one may ask too often, but for telemetry, which has an answer of its own', () => {
    const without = toOperations(spec).filter(({ method, route }) => {
      const responses = paths[route.replaceAll(/:(\w+)/g, '{$1}')]?.[method]?.responses ?? {}
      return !route.startsWith('/v1/') && !Object.hasOwn(responses, '429')
    })
    expect(without.map(({ id }) => id)).toEqual([])
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
