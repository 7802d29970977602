/** Builds the dashboard when there is none, or when its source is newer: `npm start` and `npm run dev` call this first. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const changedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

const source = path('src/dashboard')
const newest = Math.max(
  ...readdirSync(source, { recursive: true, encoding: 'utf8' }).map((name) => changedAt(join(source, name))),
)

if (changedAt(path('dist/dashboard/index.html')) < newest) {
  // Tests and shells name another, and then React is the one that checks itself: four times as slow.
  process.env.NODE_ENV = 'production'
  const { build } = await import('vite')
  await build({ root: source, logLevel: 'warn' })
}
