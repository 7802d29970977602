/** Lines one after another in one piece of memory, so that one write takes them all. */
export interface Gather {
  /** False when there is no room for it. The line is copied. */
  add(line: string | Uint8Array): boolean
  /** What was added since it was last asked; undefined when nothing was. Good until the next line is added. */
  take(): Gathered | undefined
}

export interface Gathered {
  readonly bytes: Buffer
  readonly count: number
}

export function createGather(maxBytes: number): Gather {
  const shared = Buffer.allocUnsafeSlow(maxBytes)
  let size = 0
  let count = 0
  return {
    add(line) {
      const bytes = typeof line === 'string' ? Buffer.from(line) : line
      if (bytes.length > maxBytes - size) return false
      shared.set(bytes, size)
      size += bytes.length
      count++
      return true
    },
    take() {
      if (count === 0) return undefined
      const gathered = { bytes: shared.subarray(0, size), count }
      size = 0
      count = 0
      return gathered
    },
  }
}

/** Each line with its newline: there is no other in it. */
export function* toLines({ bytes }: Gathered): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(10, from) + 1
    yield bytes.subarray(from, to)
    from = to
  }
}
