import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import type { Command } from 'commander'
import type { Client } from '../client/client.ts'
import { Fault, toReason } from '../event/fault.ts'
import { parseJson } from '../event/json.ts'
import { type AskFlags, addAsking, printJson, say, toClient } from './asking.ts'
import { showProgress } from './progress.ts'
import { isOther, toInput } from './seed-format.ts'

const BATCH = 1_000

export function addImport(program: Command): void {
  addAsking(program.command('import').description('store events of a JSONL file, each once however often it is run'))
    .argument('<files...>', 'JSONL, plain or .gz: exports, daily files, or event logs of other programs')
    .option('--skip-bad', 'go on after lines that are no events, and count them')
    .addHelpText(
      'after',
      '\nExamples:\n  $ daybook import events_2026-11-20.jsonl\n  $ daybook import old/*.jsonl.gz --skip-bad',
    )
    .action(runImport)
}

interface Counts {
  imported: number
  bad: number
  /** Of our own files: errors, and what ends an export. */
  passed_over: number
}

type Input = NonNullable<ReturnType<typeof toInput>>

async function runImport(files: readonly string[], { skipBad, ...flags }: AskFlags & { skipBad?: boolean }) {
  const client = toClient(flags)
  const counts: Counts = { imported: 0, bad: 0, passed_over: 0 }
  for (const file of files) await importFile(client, { file, counts, skipBad: skipBad === true })
  if (flags.json) printJson(counts)
  else say(toSummary(counts))
}

function toSummary({ imported, bad, passed_over }: Counts): string {
  const none = bad > 0 ? `, ${bad} lines were none` : ''
  const passed = passed_over > 0 ? `, ${passed_over} passed over that are errors or the end of an export` : ''
  return `${imported} events imported${none}${passed}.`
}

interface Task {
  readonly file: string
  readonly counts: Counts
  readonly skipBad: boolean
}

async function importFile(client: Client, { file, counts, skipBad }: Task): Promise<void> {
  const { size } = statSync(file)
  const source = createReadStream(file)
  const progress = showProgress(file, size)
  const lines = createInterface({ input: file.endsWith('.gz') ? source.pipe(createGunzip()) : source })
  let batch: Input[] = []
  let at = 0
  let damage: unknown
  /** What stands before it is good, and is sent. */
  async function* untilDamage() {
    try {
      yield* lines
    } catch (error) {
      damage = error
    }
  }
  for await (const line of untilDamage()) {
    at++
    if (line.trim() === '') continue
    const input = readLine(line)
    if (input === 'other') counts.passed_over++
    else if (input) batch.push(input)
    else if (skipBad) counts.bad++
    else {
      await send(client, batch, counts)
      throw new Fault(
        'invalid_request',
        `${file}, line ${at}: no event in JSON. With --skip-bad such lines are passed over.`,
      )
    }
    if (batch.length < BATCH) continue
    await send(client, batch, counts)
    batch = []
    progress.at(source.bytesRead)
  }
  await send(client, batch, counts)
  progress.end()
  if (damage) throw new Fault('invalid_request', `${file}, after line ${at}: ${toReason(damage)}`)
}

/** The line itself is its key, with its time: run again, the same lines are the same events. Without a time it is new each time. */
function readLine(line: string): Input | 'other' | undefined {
  try {
    const parsed = parseJson(line)
    if (isOther(parsed)) return 'other'
    const input = toInput(parsed)
    if (!input?.created_at) return input
    return { ...input, idempotency_key: createHash('sha256').update(line.trim()).digest('hex') }
  } catch {
    return undefined
  }
}

async function send(client: Client, batch: readonly Input[], counts: Counts): Promise<void> {
  if (batch.length === 0) return
  const { accepted } = await client.addEvents({ body: [...batch] }).catch((error: unknown) => {
    throw new Fault('invalid_request', `After ${counts.imported} events: ${toReason(error)}`)
  })
  counts.imported += accepted
}
