/** docs/api.md: each operation of the contract, who may call it, what it takes and what it answers. */

interface Ref {
  readonly $ref: string
}

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly items?: Schema
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly description?: string
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: Schema
}

interface Answer {
  readonly description?: string
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>
}

interface Operation {
  readonly tags: readonly string[]
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly 'x-roles'?: readonly string[]
  readonly parameters?: readonly (Parameter | Ref)[]
  readonly requestBody?: { readonly content: NonNullable<Answer['content']> }
  readonly responses: Readonly<Record<string, Answer | Ref>>
}

export interface Contract {
  readonly info: { readonly description: string }
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

interface Call extends Operation {
  readonly method: string
  readonly path: string
}

export function toApiPage(contract: Contract): string {
  const calls = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Call => ({ ...operation, method: method.toUpperCase(), path })),
  )
  const chapters = contract.tags.map(({ name, description }) => {
    const own = calls.filter(({ tags }) => tags[0] === name)
    return [`## ${toTitle(name)}`, description, ...own.map((call) => toCall(call, contract))].join('\n\n')
  })
  const failures = Object.entries(contract.components.responses ?? {}).map(([name, answer]) => {
    const statuses = calls.flatMap(({ responses }) =>
      Object.entries(responses).flatMap(([status, one]) =>
        '$ref' in one && one.$ref.endsWith(`/${name}`) ? [status] : [],
      ),
    )
    return `| ${[...new Set(statuses)].join(', ')} | ${toCell((answer as Answer).description)} |`
  })
  return `# The API

Written by \`npm run generate\` from [openapi.yaml](../openapi/openapi.yaml), which a running Daybook serves as \`/openapi.json\`
and shows at \`/docs\`. Paths begin where the router is mounted. The name beside each call is that of its function in
\`daybook/client\`. What the answers mean: [questions](questions.md). Who may call: [access](access.md).

${contract.info.description.trim()}

${chapters.join('\n\n')}

## When it does not work

| status | |
|---|---|
${failures.join('\n')}
`
}

const toTitle = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`

function toCall(call: Call, contract: Contract): string {
  const roles = call['x-roles']?.join(', ') ?? 'anybody'
  const parts = [
    `### ${call.method} ${call.path}`,
    `\`${call.operationId}\` · ${roles}\n\n${call.summary}. ${toProse(call.description)}`.trim(),
    toParameters(call, contract),
    toBody(call, contract),
    toAnswers(call),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

const toProse = (text = ''): string =>
  text
    .split(/\n\n+/)
    .map((part) => part.replaceAll(/\s*\n\s*/g, ' ').trim())
    .join('\n\n')

const toCell = (text = ''): string => toProse(text).replaceAll('\n\n', ' ').replaceAll('|', '\\|')

function resolve<T extends object>(given: T | Ref, contract: Contract): T {
  if (!('$ref' in given) || typeof given.$ref !== 'string') return given as T
  const [, , kind = '', name = ''] = given.$ref.split('/')
  const found = contract.components[kind]?.[name]
  if (!found) throw new Error(`openapi.yaml has no ${given.$ref}.`)
  return found as T
}

function toParameters({ parameters = [] }: Call, contract: Contract): string {
  const rows = parameters.map((given) => {
    const { name, in: place, required, description, schema = {} } = resolve<Parameter>(given, contract)
    const where = place === 'query' ? '' : ` (${place})`
    return `| \`${name}\`${where}${required && place !== 'path' ? ' (required)' : ''} | ${toType(schema, contract)} | ${toCell(description)} |`
  })
  return rows.length === 0 ? '' : ['| parameter | takes | |', '|---|---|---|', ...rows].join('\n')
}

function toBody({ requestBody }: Call, contract: Contract): string {
  if (!requestBody) return ''
  const types = Object.entries(requestBody.content).map(
    ([type, { schema }]) => `\`${type}\`${schema?.$ref ? ` (${toName(schema.$ref)})` : ''}`,
  )
  const first = Object.values(requestBody.content)[0]?.schema
  const { properties, required = [] } = first ? resolve<Schema>(first as Ref, contract) : {}
  if (!properties) return `Body: ${types.join(', ')}.`
  const rows = Object.entries(properties).map(([name, schema]) => {
    const { description } = resolve<Schema>(schema as Ref, contract)
    return `| \`${name}\`${required.includes(name) ? ' (required)' : ''} | ${toType(schema, contract)} | ${toCell(schema.description ?? description)} |`
  })
  return [`Body: ${types.join(', ')}.`, ['| member | takes | |', '|---|---|---|', ...rows].join('\n')].join('\n\n')
}

function toAnswers({ responses }: Call): string {
  const own = Object.entries(responses).filter(([, answer]) => !('$ref' in answer))
  const others = Object.entries(responses).filter(([, answer]) => '$ref' in answer)
  const told = own.map(([status, answer]) => {
    const { description, content = {} } = answer as Answer
    const types = Object.entries(content).map(
      ([type, { schema }]) => `\`${type}\`${schema?.$ref ? ` (${toName(schema.$ref)})` : ''}`,
    )
    return `${status}: ${toCell(description)}${types.length > 0 ? ` ${types.join(', ')}` : ''}`
  })
  const lines = told.map((line) => `- ${line}`)
  if (others.length > 0) lines.push(`- else ${others.map(([status]) => status).join(', ')}`)
  return lines.join('\n')
}

/** More do not fit into a cell. */
const MAX_WORDS = 12

const toName = (ref: string): string => ref.split('/').at(-1) ?? ref

function toType(given: Schema, contract: Contract): string {
  const { type, enum: words, items, minimum, maximum, default: preset } = resolve<Schema>(given as Ref, contract)
  if (words && words.length > MAX_WORDS) return `one of ${words.length} names`
  const shown = items ? [`list of ${toType(items, contract)}`] : (words ?? [type].flat()).map((word) => `\`${word}\``)
  const kinds = shown.filter((word) => word !== '`undefined`' && word !== '`null`')
  const bounds =
    minimum !== undefined && maximum !== undefined
      ? ` ${minimum} to ${maximum}`
      : minimum !== undefined
        ? ` from ${minimum}`
        : ''
  return `${kinds.join(', ') || 'any JSON'}${bounds}${preset === undefined ? '' : `, else ${JSON.stringify(preset)}`}`
}
