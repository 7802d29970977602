/** What a host has written down, read from its folder: without a database, and at once. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseLine } from '../../../src/event/line.ts'

type Row = Readonly<Record<string, unknown>>

export function readLines(dir: string): { readonly events: readonly Row[]; readonly errors: readonly Row[] } {
  const folder = join(dir, 'events')
  const parsed = readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => parseLine(Buffer.from(line)))
  const of = (log: 'event' | 'error'): Row[] =>
    parsed.flatMap((line) => (line.log === log ? [line.event as unknown as Row] : []))
  return { events: of('event'), errors: of('error') }
}
