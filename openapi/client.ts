/** openapi.yaml → the types and the table by which `src/client/client.ts` calls each operation that speaks JSON. */
import { toTypeText } from './types.ts'

interface Schema {
  readonly $ref?: string
  readonly [keyword: string]: unknown
}
interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>
interface Response {
  readonly content?: Content
}
interface OperationObject {
  readonly operationId: string
  readonly summary?: string
  readonly parameters?: readonly (Parameter | Schema)[]
  readonly requestBody?: { readonly required?: boolean; readonly content?: Content }
  readonly responses: Readonly<Record<string, Response | Schema>>
}
export interface Spec {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>> & {
    readonly schemas: Readonly<Record<string, Schema>>
  }
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']
const BANNER =
  '/** What the client knows of openapi/openapi.yaml. Made by `node openapi/generate.ts`; edit the file instead. */'
const JSON_TYPE = 'application/json'

export async function toClientText(spec: Spec): Promise<string> {
  const made = new Map<string, object>()
  const resolve = <Found>(given: Found | Schema): Found => {
    const [, section = '', name = ''] = /^#\/components\/(\w+)\/(\w+)$/.exec((given as Schema).$ref ?? '') ?? []
    return (section ? spec.components[section]?.[name] : given) as Found
  }
  /** Name of the type of a schema: its own, or one that is made for it. */
  const toName = (schema: Schema, otherwise: string): string => {
    const own = /^#\/components\/schemas\/(\w+)$/.exec(schema.$ref ?? '')?.[1]
    if (!own) made.set(otherwise, schema)
    return own ?? otherwise
  }

  const toOperation = (path: string, method: string, operation: OperationObject) => {
    const { operationId: id, summary, requestBody } = operation
    const name = id.charAt(0).toUpperCase() + id.slice(1)
    const parameters = (operation.parameters ?? []).map((given) => resolve<Parameter>(given))
    const inPath = parameters.filter((parameter) => parameter.in === 'path')
    const inQuery = parameters.filter((parameter) => parameter.in === 'query')
    if (inQuery.length > 0) made.set(`${name}Query`, toObject(inQuery))
    const needsQuery = inQuery.some(({ required }) => required)
    const body = requestBody?.content?.[JSON_TYPE]?.schema
    const responses = Object.entries(operation.responses).map(
      ([status, given]) => [Number(status), resolve<Response>(given).content] as const,
    )
    const [, content] = responses.find(([status]) => status >= 200 && status < 300) ?? []
    const answered = content?.[JSON_TYPE]?.schema
    const answer = answered ? toName(answered, `${name}Answer`) : content ? 'Response' : 'undefined'
    // A service that is not ready says so in the words of one that is.
    const good = responses.filter(
      ([status, { [JSON_TYPE]: { schema } = {} } = {}]) =>
        status >= 400 && schema && answered && schema.$ref === answered.$ref,
    )
    const input = [
      ...(inPath.length > 0 ? [`path: { ${inPath.map((parameter) => `${parameter.name}: string`).join('; ')} }`] : []),
      ...(inQuery.length > 0 ? [`query${needsQuery ? '' : '?'}: ${name}Query`] : []),
      ...(body ? [`body${requestBody.required ? '' : '?'}: ${toName(body, `${name}Body`)}`] : []),
    ]
    const table = [`'${method.toUpperCase()}'`, `'${path}'`, `'${answer === 'Response' ? 'raw' : 'json'}'`]
    const alsoGood = good.map(([status]) => status)
    return {
      type: `  /** ${summary ?? id} */\n  ${id}: { input: { ${input.join('; ')} }; answer: ${answer} }`,
      row: `  ${id}: [${[...table, `[${alsoGood.join(', ')}]`].join(', ')}],`,
    }
  }

  const operations = Object.entries(spec.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method, { requestBody }]) => METHODS.includes(method) && speaksJson(requestBody))
      .map(([method, operation]) => toOperation(path, method, operation)),
  )
  const types = await toTypeText({ ...spec.components.schemas, ...Object.fromEntries(made) }, BANNER)
  return `${types}
export interface Operations {
${operations.map(({ type }) => type).join('\n')}
}

/** Method, path, what becomes of the answer's body, and the statuses that are no failure though they look so. */
export const OPERATIONS = {
${operations.map(({ row }) => row).join('\n')}
} as const satisfies Record<keyof Operations, readonly [string, string, 'json' | 'raw', readonly number[]]>
`
}

/** Telemetry has exporters of its own. */
const speaksJson = (body: OperationObject['requestBody']): boolean =>
  !body || (body.content !== undefined && JSON_TYPE in body.content && !('application/x-protobuf' in body.content))

const toObject = (parameters: readonly Parameter[]): object => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    parameters.map(({ name, description, schema }) => [name, { ...schema, ...(description && { description }) }]),
  ),
  required: parameters.filter(({ required }) => required).map(({ name }) => name),
})
