/**
 * Care for the connections of a pool. Who held one when it died does not give it back: the rollback that comes before
 * the giving back fails, and the place in the pool would be taken for ever.
 */
import type { Pool, PoolClient } from 'pg'
import { JSON_PARSERS } from './parsers.ts'

/** `silenceMs`: a connection on which an answer is due and nothing has come for so long is cut. */
export function mindPool(pool: Pool, silenceMs?: number): void {
  const held = new Set<PoolClient>()
  pool.on('acquire', (client) => void held.add(client))
  pool.on('release', (_error, client) => void held.delete(client))
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!held.has(client)) return
      client.release(true)
      // Its holder may give it back all the same, and the pool throws at a second time.
      client.release = () => undefined
    })
    if (silenceMs !== undefined) cutWhenSilent(client, silenceMs)
  })
}

function cutWhenSilent(client: PoolClient, silenceMs: number): void {
  const stream = toStream(client)
  stream?.setTimeout?.(silenceMs, () => {
    if (Reflect.get(client, 'readyForQuery') === false) stream.destroy()
  })
}

/** In place of `JSON.parse`. MikroORM makes the table of parsers of its own pool. */
export function readJson({ options }: Pool): void {
  const types = options.types as Overrides | undefined
  for (const [oid, parse] of Object.entries(JSON_PARSERS)) types?.setTypeParser?.(Number(oid), parse)
}

/** `TypeOverrides` of pg. */
interface Overrides {
  setTypeParser?(oid: number, parse: (text: string) => unknown): void
}

interface Stream {
  destroy(): void
  setTimeout?(ms: number, onTimeout: () => void): void
}

/** The socket of a client: to end it politely would mean to wait for a server that may be gone. */
export function toStream(client: object): Stream | undefined {
  const connection: unknown = Reflect.get(client, 'connection')
  return connection && typeof connection === 'object' ? Reflect.get(connection, 'stream') : undefined
}
