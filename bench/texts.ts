/** What redaction takes of the processor for the texts that take it longest, over that for plain words. */
import { createTextRedactor } from '../src/refine/redact-text.ts'
import { createKindOf } from '../src/refine/secret-keys.ts'
import { fill, WORST_TEXTS } from '../test/refine/worst-texts.ts'
import type { Bench, BenchOptions, BenchResult } from './bench.ts'
import { type Figures, middleOf, middleOfRounds, roundsOf, takeTurns, toRounded } from './rounds.ts'

const DEFAULT_ROUNDS = 9
const MEGABYTE = 1_048_576
const PLAIN = 'An ordinary line of words, as most are. '

export const texts: Bench = {
  name: 'texts',
  about: 'redaction of the slowest texts known, over that of plain words, for a megabyte each',
  run,
}

async function run({ rounds = DEFAULT_ROUNDS, progress }: BenchOptions): Promise<BenchResult> {
  const redact = createTextRedactor(createKindOf())
  const megabytes = new Map([PLAIN, ...WORST_TEXTS].map((unit) => [unit, fill(unit, MEGABYTE)]))
  const measured = await takeTurns({
    rounds,
    variants: [...megabytes.keys()],
    measure: async (unit) => toFigures(() => redact(megabytes.get(unit) ?? '')),
    progress,
  })
  const toMs = ({ ms = Number.NaN }: Figures): number => ms
  const rows = [...megabytes.keys()]
    .map((unit) => ({
      unit,
      ms: toRounded(middleOf(measured, unit, 'ms'), 1),
      ratio: toRounded(
        middleOfRounds(measured, (of) => toMs(of(unit)) / toMs(of(PLAIN))),
        1,
      ),
    }))
    .sort((one, other) => other.ratio - one.ratio)
  return {
    bench: 'texts',
    ratio: rows[0]?.ratio ?? Number.NaN,
    rounds: roundsOf(measured),
    raw: Object.fromEntries(rows.map(({ unit, ms }) => [unit, ms])),
    table: [
      ['over and over', 'ms of CPU per MB', 'of plain words'],
      ...rows.map(({ unit, ms, ratio }) => [`\`${JSON.stringify(unit)}\``, ms.toFixed(1), ratio.toFixed(1)]),
    ],
    notes: [
      `One text of a megabyte each, mean of the middle half of ${roundsOf(measured)} rounds, in turns; a search through 40,000 texts found them. The ratio is the slowest over plain words.`,
    ],
  }
}

/** Some machines count the time of a thread in steps of 4 ms. */
const MEASURED_MS = 200

function toFigures(work: () => unknown): Figures {
  const endMs = performance.now() + MEASURED_MS
  const start = process.threadCpuUsage()
  let times = 0
  for (; performance.now() < endMs; times++) work()
  const { user, system } = process.threadCpuUsage(start)
  return { ms: (user + system) / 1000 / times }
}
