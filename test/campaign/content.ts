/** What each id carries, known beforehand: whoever finds an id can tell whether all of it is there. */
import { isDeepStrictEqual } from 'node:util'
import type { Draft } from '../../src/event/event.ts'
import { createRandom, type Random } from './random.ts'

export const CAMPAIGN_EVENT = 'CAMPAIGN_ID'

/** mixed: 300 B to 200 kB, mostly small · large: 60 to 170 kB, quick to encode · modest: for HTTP, mostly small. */
export type Sizes = 'mixed' | 'large' | 'modest'

export interface Content {
  readonly comments: string
  readonly payload: { readonly parts: readonly string[] }
}

/** The longest string that refine leaves whole is a little longer. */
const PART_CHARS = 16_000
const PLAIN = toCorpus('harbour lantern ferry meadow gravel thimble orchard')
const WIDE = toCorpus('harbour über Straße œuvre канал 港口 灯塔 δίκτυο 🎉 ⛴️ meadow lantern')

/** The content of an id. */
export function toContent(seed: number, id: number, sizes: Sizes): Content {
  const random = createRandom(seed, id)
  const parts: string[] = []
  for (let left = toChars(random, sizes); left > 0; left -= PART_CHARS)
    parts.push(toText(random, sizes === 'large' ? PLAIN : WIDE, Math.min(left, PART_CHARS)))
  return { comments: toText(random, WIDE, random.between(0, 60)), payload: { parts } }
}

/** The content that all ids of a writer share, when its load is of that kind. */
export const toShared = (seed: number, from: number, load: 'mixed' | 'stream' | 'volley'): Content | undefined =>
  load === 'mixed' ? undefined : toContent(seed, from, load === 'volley' ? 'large' : 'modest')

export const toDraft = (id: number, { comments, payload }: Content): Draft => ({
  event_type: CAMPAIGN_EVENT,
  entity_type: 'id',
  entity_id: String(id),
  comments,
  payload,
})

/** Whether a line or a row carries just that. */
export const carries = (row: { comments?: unknown; payload?: unknown }, content: Content): boolean =>
  (row.comments ?? '') === content.comments && isDeepStrictEqual(row.payload, content.payload)

function toChars(random: Random, sizes: Sizes): number {
  const kind = sizes === 'large' ? 1 : random.next()
  if (sizes === 'modest') return kind < 0.8 ? random.between(0, 300) : random.between(300, kind < 0.98 ? 4_000 : 60_000)
  if (kind < 0.6) return random.between(0, 200)
  if (kind < 0.9) return random.between(200, 4_000)
  return kind < 0.99 ? random.between(4_000, 16_000) : random.between(60_000, 170_000)
}

/** A cut through a surrogate pair is mended as refine would. */
function toText(random: Random, corpus: string, chars: number): string {
  const from = random.between(0, corpus.length - chars)
  return corpus.slice(from, from + chars).toWellFormed()
}

function toCorpus(vocabulary: string): string {
  const random = createRandom(1)
  const words = vocabulary.split(' ')
  let text = ''
  while (text.length < PART_CHARS * 4) text += `${words[random.between(0, words.length - 1)]} `
  return text
}
