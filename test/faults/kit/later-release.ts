/** The release after this one: its lines are of a later version, and its schema has one migration more. */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LINE_VERSION } from '../../../src/event/line.ts'
import { createTestFolder } from '../../kit/folder.ts'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

/** The program that an app of it runs. */
export function createLaterRelease(program: string): string {
  const root = createTestFolder('later')
  for (const part of ['src', 'migrations', 'openapi', 'package.json', program])
    cpSync(join(ROOT, part), join(root, part), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  const change = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(root, file), 'utf8')
    if (!text.includes(from)) throw new Error(`${file} has no ${from}: the later release is none.`)
    writeFileSync(join(root, file), text.replace(from, to))
  }

  change('src/event/line.ts', `LINE_VERSION = ${LINE_VERSION}`, `LINE_VERSION = ${LINE_VERSION + 1}`)
  // A release knows the lines of those before it.
  const body = `bytes.toString('utf8', 0, end)`
  change('src/event/line.ts', body, `${body}.replace('{"v":${LINE_VERSION},', '{"v":${LINE_VERSION + 1},')`)

  writeFileSync(
    join(root, 'migrations/9999-later.ts'),
    `import { Migration } from '@mikro-orm/migrations'
     export class Later extends Migration {
       override up(): void {
         this.addSql('alter table event_logs add column later text null')
       }
     }`,
  )
  change(
    'src/store/orm.ts',
    `import { ApiKey }`,
    `import { Later } from '../../migrations/9999-later.ts'\nimport { ApiKey }`,
  )
  const table = 'export const MIGRATIONS_TABLE'
  change('src/store/orm.ts', table, `MIGRATIONS.push({ name: '9999-later', class: Later })\n\n${table}`)
  return join(root, program)
}
