/** Who has an answer open that goes on for long: how many may, and whether their key still holds. */
import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { Fault } from '../../event/fault.ts'
import type { Viewer } from '../../event/viewer.ts'
import { Refused } from '../problem.ts'

export interface GuestOptions {
  readonly viewerOf: (req: Request) => Promise<Viewer>
  readonly maxGuests: number
  readonly maxPerKey: number
  /** How often keys are looked at again. */
  readonly recheckMs: number
}

export interface Guests {
  /** Throws when there are too many; `end` is called when the key no longer holds, or when all have to go. */
  admit(req: Request, viewer: Viewer, end: () => void): () => void
  /** Ends all; nobody is admitted after it. */
  close(): void
}

interface Guest {
  readonly req: Request
  readonly viewer: string
  readonly end: () => void
}

export function createGuests({ viewerOf, maxGuests, maxPerKey, recheckMs }: GuestOptions): Guests {
  /** By what they have shown: who shows the same has the same rights. */
  const shown = new Map<string, Set<Guest>>()
  const perKey = new Map<string, number>()
  let total = 0
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  const recheck = async (): Promise<void> => {
    for (const guests of [...shown.values()]) {
      const [first] = guests
      if (first && !(await isStill(viewerOf, first))) for (const { end } of [...guests]) end()
    }
    timer = total > 0 ? setTimeout(() => void recheck(), recheckMs).unref() : undefined
  }

  return {
    admit(req, viewer, end) {
      if (isClosed) throw refuse('Daybook stops. Come again in a moment.')
      if (total >= maxGuests) throw refuse(`${maxGuests} streams and exports are open, and there may be no more.`)
      const key = toDigest(viewer, [req.get('x-api-key'), req.get('authorization')])
      const all = toDigest(viewer, [req.get('x-api-key'), req.get('authorization'), req.get('cookie')])
      const guests = shown.get(all) ?? new Set<Guest>()
      const open = perKey.get(key) ?? 0
      if (open >= maxPerKey)
        throw new Fault('too_many', `This key has ${maxPerKey} streams and exports open. Close one first.`)
      const guest: Guest = { req, viewer: JSON.stringify(viewer), end }
      shown.set(all, guests.add(guest))
      perKey.set(key, open + 1)
      total++
      timer ??= setTimeout(() => void recheck(), recheckMs).unref()
      return () => {
        if (!guests.delete(guest)) return
        total--
        if (guests.size === 0) shown.delete(all)
        const left = (perKey.get(key) ?? 1) - 1
        if (left > 0) perKey.set(key, left)
        else perKey.delete(key)
      }
    },
    close() {
      isClosed = true
      clearTimeout(timer)
      for (const guests of [...shown.values()]) for (const { end } of [...guests]) end()
    },
  }
}

const refuse = (detail: string): Refused =>
  new Refused({ status: 503, code: 'too_many', detail, headers: { 'Retry-After': '5' } })

/** Also true while nobody can say: a database that is away gives nothing out meanwhile. */
async function isStill(viewerOf: GuestOptions['viewerOf'], { req, viewer }: Guest): Promise<boolean> {
  try {
    return JSON.stringify(await viewerOf(req)) === viewer
  } catch (error) {
    return error instanceof Fault && error.policy === 'retry'
  }
}

/** No key is kept in memory for this. */
const toDigest = (viewer: Viewer, headers: readonly (string | undefined)[]): string =>
  createHash('sha256')
    .update(JSON.stringify([viewer, headers]))
    .digest('base64')
