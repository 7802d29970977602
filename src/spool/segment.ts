/** One file with one writer. A write is whole or it is undone: `fs.writeSync` may write less than it was given. */
import { closeSync, constants, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'

export interface Segment {
  readonly path: string
  readonly bytes: number
  /** Appends all of it and returns, or throws with the file as it was. */
  append(text: string): void
  close(): void
}

/** O_EXCL: a name is used once. O_NOFOLLOW: nobody else decides where our bytes go. */
const FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0)

export function createSegment(path: string): Segment {
  const fd = openSync(path, FLAGS, 0o600)
  let bytes = 0
  let isOpen = true
  return {
    path,
    get bytes() {
      return bytes
    },
    append(text) {
      const written = writeSync(fd, text)
      const length = Buffer.byteLength(text)
      if (written < length) writeRest(fd, Buffer.from(text).subarray(written), bytes)
      bytes += length
    },
    close() {
      if (!isOpen) return
      isOpen = false
      try {
        fdatasyncSync(fd)
      } finally {
        closeSync(fd)
      }
    },
  }
}

function writeRest(fd: number, rest: Buffer, goodBytes: number): void {
  try {
    for (let from = 0; from < rest.length; ) from += writeSync(fd, rest, from)
  } catch (error) {
    ftruncateSync(fd, goodBytes)
    throw error
  }
}
