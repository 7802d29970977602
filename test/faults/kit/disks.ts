/** Small disks to be filled. Mounting takes root, which CI has. */
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestEnd } from '../../kit/clean-up.ts'
import { createTestFolder } from '../../kit/folder.ts'
import { runCommand } from '../../kit/run-command.ts'

/** Why no disk can be mounted here, to be added to the title of a skipped test; undefined when one can. */
export const whyNoMount = tryMount()

function tryMount(): string | undefined {
  const probe = mkdtempSync(join(tmpdir(), 'daybook-mount-'))
  const refusal = runCommand('mount', '-t', 'tmpfs', '-o', 'size=64k', 'daybook-test', probe)
  if (refusal === undefined) runCommand('umount', probe)
  rmdirSync(probe)
  return refusal === undefined ? undefined : ` (skipped: no disk can be mounted here: ${refusal})`
}

/** A folder that is a disk of its own, `size` as mount takes it, such as `256k`. */
export function mountSmallDisk(size: string): string {
  const folder = createTestFolder('disk')
  const refusal = runCommand('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'daybook-test', folder)
  if (refusal !== undefined) throw new Error(refusal)
  onTestEnd(() => {
    runCommand('umount', '-l', folder)
  })
  return folder
}
