/** One file with one writer. A write is whole or it is undone: `fs.writeSync` may write less than it was given. */
import { closeSync, constants, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

export interface Segment {
  readonly path: string
  readonly bytes: number
  /** Appends all of it and returns, or throws with the file as it was. */
  append(line: string | Uint8Array): void
  /** False once a broken write could not be undone: a line after it would be glued to its half. */
  readonly isIntact: boolean
  /** Takes the last append back, as far as the disk lets it. Never throws. */
  undo(): void
  /** Waits until the disk has what was appended. After it has thrown once, the file is not to be trusted. */
  sync(): void
  /** Whether somebody has deleted the file, so that nobody will read what is written to it. */
  isDeleted(): boolean
  /** Never throws. */
  close(): void
}

/** O_EXCL: a name is used once. O_NOFOLLOW: nobody else decides where our bytes go. */
const FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0)

/** The same for a file that is there already: at its end, or `anew`. */
export const openOwn = (path: string, how: 'append' | 'anew'): number =>
  openSync(path, FLAGS_OF[how] | constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600)

const FLAGS_OF = { append: constants.O_APPEND, anew: constants.O_TRUNC }

export function createSegment(path: string): Segment {
  const fd = openSync(path, FLAGS, 0o600)
  let bytes = 0
  let bytesBefore = 0
  let isOpen = true
  let isNew = true
  let isIntact = true

  const writeOrUndo = (whole: Uint8Array): void => {
    try {
      for (let from = 0; from < whole.length; ) from += writeSync(fd, whole, from)
    } catch (error) {
      isIntact = false
      ftruncateSync(fd, bytes)
      isIntact = true
      throw error
    }
  }

  return {
    path,
    get isIntact() {
      return isIntact
    },
    get bytes() {
      return bytes
    },
    append(line) {
      const whole = typeof line === 'string' ? Buffer.from(line) : line
      writeOrUndo(whole)
      bytesBefore = bytes
      bytes += whole.length
    },
    undo() {
      try {
        ftruncateSync(fd, bytesBefore)
        bytes = bytesBefore
      } catch {
        // Then it is there and may be stored all the same.
      }
    },
    sync() {
      fdatasyncSync(fd)
      if (isNew) syncFolder(dirname(path))
      isNew = false
    },
    isDeleted: () => fstatSync(fd).nlink === 0,
    close() {
      if (!isOpen) return
      isOpen = false
      try {
        closeSync(fd)
      } catch {
        // The kernel has what was written; what close says now changes nothing.
      }
    },
  }
}

/** The name of a new file is kept by its folder. */
export function syncFolder(path: string): void {
  // Windows can't open a folder, and needs no such care.
  if (process.platform === 'win32') return
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
