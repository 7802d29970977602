/** `npm run gates`: what comes with the code, and what must not. Asks no network. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findGaps, makeBill } from './bill-of-materials.ts'
import { findForeign, findInstallScripts, type LockFile, toPackages } from './lock-file.ts'
import { findUnsafe, findUnsafeEngines } from './safe-versions.ts'
import { findTrackedSecrets } from './secrets.ts'

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const read = (name: string) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'))

const lock: LockFile = read('package-lock.json')
const bill = makeBill(ROOT, lock)
const tracked = findTrackedSecrets(ROOT)
const problems = [
  ...findUnsafe(lock),
  ...findUnsafeEngines(read('package.json').engines.node),
  ...findForeign(lock),
  ...findInstallScripts(lock),
  ...findGaps(bill, lock),
  ...tracked.problems,
]
// A gate that looked at nothing is open.
const looked = { packages: toPackages(lock).length, parts: bill.components.length, files: tracked.files }
for (const [what, count] of Object.entries(looked))
  if (count < 50) problems.push(`Only ${count} ${what} were looked at.`)

for (const problem of problems) process.stderr.write(`${problem}\n`)
process.stdout.write(
  `gates: ${looked.packages} packages, ${looked.parts} of them for users, ${looked.files} files, ${problems.length} problems\n`,
)
process.exitCode = problems.length > 0 ? 1 : 0
