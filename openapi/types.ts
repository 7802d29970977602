/** JSON schemas by name → TypeScript. */
import { compile } from 'json-schema-to-typescript'

export async function toTypeText(schemas: Readonly<Record<string, object>>, banner: string): Promise<string> {
  const definitions = JSON.parse(JSON.stringify(schemas).replaceAll('#/components/schemas/', '#/definitions/'))
  const properties = Object.fromEntries(Object.keys(schemas).map((name) => [name, { $ref: `#/definitions/${name}` }]))
  const types = await compile({ type: 'object', additionalProperties: false, properties, definitions }, 'Schemas', {
    bannerComment: banner,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    style: { semi: false, singleQuote: true, printWidth: 120 },
  })
  // What the store answers is read-only, and what a caller sent is not ours to change.
  return types.replaceAll(/: (\w+)\[\]/g, ': readonly $1[]').replaceAll(/: \((.+)\)\[\]/g, ': readonly ($1)[]')
}
