/** Variants measured in turns: what the machine does meanwhile meets them all alike, and the middle leaves the rest out. */

/** The mean of the middle half, or of what comes nearest to it: as deaf to the odd round as the median, and steadier. */
export function midmean(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const cut = Math.min(Math.ceil(sorted.length / 4), (sorted.length - 1) >> 1)
  const middle = sorted.slice(cut, sorted.length - cut)
  return middle.reduce((sum, number) => sum + number, 0) / middle.length
}

/** Figures of one run, each under its name with its unit. */
export type Figures = Readonly<Record<string, number>>

/** Figures by variant, one for each round, in the order of the rounds. */
export type Measured = ReadonlyMap<string, readonly Figures[]>

export interface Turns {
  readonly rounds: number
  readonly variants: readonly string[]
  readonly measure: (variant: string) => Promise<Figures>
  readonly progress: (line: string) => void
  /** No round begins after this: on a busy machine there are fewer of them, and the bench still ends in time. */
  readonly budgetMs?: number
}

const BUDGET_MS = 180_000

/** Each round runs all variants, in an order of its own: what one leaves to be done must not always meet the same other. */
export async function takeTurns({
  rounds,
  variants,
  measure,
  progress,
  budgetMs = BUDGET_MS,
}: Turns): Promise<Measured> {
  const measured = new Map<string, Figures[]>(variants.map((variant) => [variant, []]))
  const endMs = performance.now() + budgetMs
  for (let round = 0; round < rounds && (round === 0 || performance.now() < endMs); round++) {
    for (const variant of shuffled(variants)) {
      const figures = await measure(variant)
      measured.get(variant)?.push(figures)
      progress(`round ${round + 1} of ${rounds}: ${variant}: ${toText(figures)}`)
    }
  }
  return measured
}

const shuffled = <T>(items: readonly T[]): readonly T[] =>
  items
    .map((item) => ({ item, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)

const toText = (figures: Figures): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${Math.round(value * 10) / 10}`)
    .join(', ')

/** The middle of one figure over all rounds. */
export const middleOf = (measured: Measured, variant: string, figure: string): number =>
  midmean((measured.get(variant) ?? []).map((figures) => figures[figure] ?? Number.NaN))

/** Rounds that were run. */
export const roundsOf = (measured: Measured): number => [...measured.values()][0]?.length ?? 0

/** The middle over all rounds of something reckoned within one round, where all variants met the same machine. */
export function middleOfRounds(measured: Measured, reckon: (of: (variant: string) => Figures) => number): number {
  const each = Array.from({ length: roundsOf(measured) }, (_, round) =>
    reckon((variant) => measured.get(variant)?.[round] ?? {}),
  )
  return midmean(each)
}

export const toRounded = (value: number, digits = 2): number => Math.round(value * 10 ** digits) / 10 ** digits
