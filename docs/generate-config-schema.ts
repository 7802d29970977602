/** config.schema.json: what a file of settings may hold, with what the code and docs/risk.md say of each member. */
import { readFileSync } from 'node:fs'
import { FILE_SCHEMA } from '../src/config/file-schema.ts'
import type { JsonSchema } from '../src/config/file-shapes.ts'
import { toDocs } from './generate-configuration.ts'

type Docs = Readonly<Record<string, string>>

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** `options`: the source that says what each of them is. */
export function toConfigSchema(options: string): string {
  const docs: Docs = {
    ...toDocs(options, 'RequestOptions'),
    ...toDocs(options, 'Options'),
    ...toDocs(options, 'ServeOptions'),
    ...under('risk', { ...toDocs(options, 'RiskOptions'), ...toLimitDocs(read('src/event/risk.ts')) }),
    ...under('risk.weights', toWeightDocs(read('docs/risk.md'))),
    ...under('alerts', toDocs(options, 'AlertOptions')),
    ...under('alerts.webhook', toDocs(options, 'AlertWebhook')),
    ...under('alerts.rules[]', toDocs(read('src/event/alert.ts'), 'AlertRule')),
    ...under('eventTypes.*', toDocs(options, 'EventTypeOption')),
  }
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Settings of Daybook',
    description:
      'The options of Daybook that are plain data. Code goes before the environment, and that before this file.',
    ...describe(FILE_SCHEMA, '', docs),
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

const under = (path: string, docs: Docs): Docs =>
  Object.fromEntries(Object.entries(docs).map(([name, doc]) => [`${path}.${name}`, doc]))

/** The schema, with a description for each of its members. */
function describe(schema: JsonSchema, path: string, docs: Docs): JsonSchema {
  const { properties, items, additionalProperties } = schema
  const members = Object.entries(properties ?? {}).map(([name, member]) => {
    const place = path === '' ? name : `${path}.${name}`
    const description = member.description ?? docs[place]
    if (!description) throw new Error(`Nothing says what ${place} is: give it a doc comment, or a description.`)
    return [name, { description, ...describe({ ...member, description }, place, docs) }]
  })
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(members) }),
    ...(items && { items: describe(items, `${path}[]`, docs) }),
    ...(additionalProperties && { additionalProperties: describe(additionalProperties, `${path}.*`, docs) }),
  }
}

/** A comment of RISK_LIMITS is that of all members up to the next one. */
function toLimitDocs(source: string): Docs {
  const body = /RISK_LIMITS = Object\.freeze\(\{\n(.*?)\n\}\)/s.exec(source)?.[1] ?? ''
  const parts = [...body.matchAll(/\/\*\* (.*?) \*\/\s+((?:\w+: [\d_]+,\s*)+)/gs)]
  return Object.fromEntries(
    parts.flatMap(([, doc = '', members = '']) => [...members.matchAll(/\w+(?=:)/g)].map(([name]) => [name, doc])),
  )
}

/** Rows of the tables of factors. */
const toWeightDocs = (page: string): Docs =>
  Object.fromEntries(
    [...page.matchAll(/^\| `(\w+)` \| \d+ \| (.+) \|$/gm)].map(([, factor = '', when = '']) => [
      factor,
      `Points, 0 to 100; 0 switches it off. Counts when: ${when.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('`', '')}.`,
    ]),
  )
