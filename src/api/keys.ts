import type { KeyStore } from '../event/ports.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { KeyInput, NewKey } from './contract.generated.ts'

export function createKeyHandlers(keys: KeyStore): Handlers {
  const createKey = async ({ viewer, body }: Call): Promise<Answer<NewKey>> => ({
    status: 201,
    body: await keys.create(viewer, body as KeyInput),
  })
  return { createKey }
}
