/** Of many events each is checked by itself, so that a bad one does not hold up the others. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Problem } from './contract.generated.ts'
import type { Spec } from './spec.ts'

export type Wrongs = NonNullable<Problem['errors']>

/** What is wrong with an item, each with its place in the body; empty when nothing is. */
export type CheckItem = (item: unknown, at: string) => Wrongs

const MAX_WRONGS = 20

export function createItemCheck({ components }: Spec, schema: string): CheckItem {
  const ajv = new Ajv2020({ strict: false, allErrors: false, logger: false })
  addFormats.default(ajv, { mode: 'full' })
  const validate = ajv.compile(components.schemas?.[schema] as object)
  return (item, at) => {
    if (validate(item)) return []
    return (validate.errors ?? []).slice(0, MAX_WRONGS).map(({ instancePath, params, message = 'is not valid' }) => {
      const member: unknown = params.missingProperty ?? params.additionalProperty
      const name = `${at}${instancePath}${typeof member === 'string' ? `/${member}` : ''}`
      return { name: name.slice(0, 200), detail: message }
    })
  }
}
