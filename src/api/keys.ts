import { Fault } from '../event/fault.ts'
import type { KeyRow, KeyStore, NewKey } from '../event/ports/access.ts'
import type { Sink } from '../event/ports/sink.ts'
import { noteAct } from './acts.ts'
import type { Answer, Call, Handlers } from './call.ts'
import type { Key, Keys, NewKey as ShownKey } from './contract.generated.ts'

export function createKeyHandlers(keys: KeyStore, sink: Sink): Handlers {
  const note = ({ viewer }: Call, { id, role, user_id }: KeyRow, act: string): void =>
    noteAct(sink, viewer, { act, entity_type: 'api_key', entity_id: id, scope: { role, of_user: user_id ?? null } })

  const listKeys = async ({ viewer }: Call): Promise<Answer<Keys>> => ({
    status: 200,
    body: { keys: await keys.list(viewer) },
  })

  const createKey = async (call: Call): Promise<Answer<ShownKey>> => {
    const asked = call.body as NewKey
    if (asked.expires_at !== undefined && Date.parse(asked.expires_at) <= Date.now())
      throw new Fault('invalid_request', 'expires_at: it must be in the future.')
    const key = await keys.create(call.viewer, asked)
    note(call, key, 'A key was made')
    return { status: 201, body: key }
  }

  const rotateKey = async (call: Call): Promise<Answer<ShownKey>> => {
    const overlapMs = Number(call.query.overlap_s ?? 0) * 1000
    const key = await keys.rotate(call.viewer, call.id, overlapMs)
    if (!key) throw new Fault('not_found', 'There is no such key in use.')
    note(call, key, 'A key was rotated')
    return { status: 200, body: key }
  }

  const revokeKey = async (call: Call): Promise<Answer<Key>> => {
    const key = await keys.revoke(call.viewer, call.id)
    if (!key) throw new Fault('not_found', 'There is no such key.')
    note(call, key, 'A key was revoked')
    return { status: 200, body: key }
  }

  return { listKeys, createKey, rotateKey, revokeKey }
}
