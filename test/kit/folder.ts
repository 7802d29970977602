import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { currentRun, onTestEnd, tell, toSlug } from './clean-up.ts'

/** A fresh folder that goes away with the test; a failed test keeps it and prints where. */
export function createTestFolder(name = 'folder'): string {
  const folder = mkdtempSync(join(tmpdir(), `daybook-test-${toSlug(currentRun().path)}-${name}-`))
  onTestEnd((failed) => {
    if (failed) tell(`The test failed; its folder is kept: ${folder}`)
    else rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  return folder
}
