/** The API over real HTTP with its parts in memory, and a client that sends what it is told to, untidied. */
import { beforeAll } from '@jest/globals'
import { createHouse, type House } from '../api/ask.ts'
import { listen } from '../api/listen.ts'
import { ADMIN_KEY } from '../api/parts.ts'
import { type Answered, type Asked, createAsk } from '../campaign/api/ask.ts'

export interface OpenHouse {
  readonly house: House
  readonly port: number
  /** As admin, unless the headers say otherwise. */
  send(method: string, path: string, more?: Partial<Asked>): Promise<Answered>
}

export const JSON_TYPE = { 'content-type': 'application/json' } as const
export const ANONYMOUS = { 'x-api-key': '' } as const

export async function openHouse(options: Parameters<typeof createHouse>[0] = {}): Promise<OpenHouse> {
  const house = createHouse(options)
  const { url } = await listen(house)
  const port = Number(new URL(url).port)
  const ask = createAsk(port)
  return {
    house,
    port,
    send: (method, path, more) => ask({ method, path, ...more, headers: { 'x-api-key': ADMIN_KEY, ...more?.headers } }),
  }
}

/** One for all tests of a file. */
export function sharedHouse(options: Parameters<typeof createHouse>[0] = {}): () => OpenHouse {
  let opened: OpenHouse | undefined
  beforeAll(async () => {
    opened = await openHouse(options)
  })
  return () => {
    if (!opened) throw new Error('Ask for it inside of a test.')
    return opened
  }
}
