/**
 * A disk whose power is cut: a file system in a file, which the kernel is told to give up at once. What has not reached
 * the file by then never does. Mounting takes root.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestEnd } from '../kit/clean-up.ts'
import { runCommand } from '../kit/run-command.ts'

export type FileSystem = 'ext4' | 'xfs'

export interface PowerDisk {
  /** Where it is mounted. */
  readonly folder: string
  cut(): void
  /** The power is back: the file system mends itself by its journal. */
  restore(): void
  remove(): void
}

interface Making {
  readonly size: string
  readonly mkfs: readonly string[]
  readonly mount: string
}

const MAKINGS: Readonly<Record<FileSystem, Making>> = {
  ext4: { size: '256M', mkfs: ['mkfs.ext4', '-q', '-F'], mount: 'loop' },
  // The least that it takes; and copies of one image have one id, which it would refuse.
  xfs: { size: '320M', mkfs: ['mkfs.xfs', '-q'], mount: 'loop,nouuid' },
}

export const FILE_SYSTEMS: readonly FileSystem[] = ['ext4', 'xfs']

/** EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are one number; 2: without writing even the journal. */
const SHUTDOWN =
  'import fcntl, os, struct, sys; ' + 'fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))'

/** Why no such disk can be had here; undefined when one can. */
export function whyNoPowerCut(kind: FileSystem): string | undefined {
  const probe = mkdtempSync(join(tmpdir(), 'daybook-power-'))
  try {
    const disk = createPowerDisk(kind, probe)
    disk.cut()
    disk.restore()
    disk.remove()
    return undefined
  } catch (error) {
    return `no power of a disk with ${kind} can be cut here: ${error instanceof Error ? error.message : error}`
  } finally {
    rmSync(probe, { recursive: true, force: true })
  }
}

/** `place` is a folder for it, and for the images of all its kind. */
export function createPowerDisk(kind: FileSystem, place: string, name = 'disk'): PowerDisk {
  const { size, mkfs, mount } = MAKINGS[kind]
  const [fresh, image, folder] = [join(place, `fresh.${kind}`), join(place, `${name}.image`), join(place, name)]
  mkdirSync(folder, { recursive: true })
  // To copy one takes a moment; to make one takes many.
  if (!existsSync(fresh)) {
    run('truncate', '-s', size, fresh)
    run(...mkfs, fresh)
  }
  run('cp', '--sparse=always', fresh, image)
  let isMounted = false
  const unmount = (): void => {
    if (isMounted) run('umount', folder)
    isMounted = false
  }
  const remount = (): void => {
    unmount()
    run('mount', '-o', mount, image, folder)
    isMounted = true
  }
  remount()
  onTestEnd(() => {
    if (isMounted) runCommand('umount', '-l', folder)
  })
  return {
    folder,
    cut: () => run('python3', '-c', SHUTDOWN, folder),
    restore: remount,
    remove() {
      unmount()
      for (const path of [folder, image]) rmSync(path, { recursive: true, force: true })
    },
  }
}

function run(...[command = '', ...args]: readonly string[]): void {
  const refusal = runCommand(command, ...args)
  if (refusal !== undefined) throw new Error(`${command}: ${refusal}`)
}
