/**
 * What is put off, of all event logs of the process: an end that runs its `exit` listeners loses nothing. No signal without
 * a listener does.
 */
export interface AtExit {
  /** Something waits for `settle`. */
  begin(): void
  /** Nothing does any more. */
  end(): void
}

const waiting = new Set<() => void>()
let isWatched = false

/** Not before anything waits: the last word is the host's. */
function watch(): void {
  if (isWatched) return
  isWatched = true
  process.on('exit', () => {
    for (const settle of waiting) settle()
  })
}

/** `settle` must not throw. */
export function createAtExit(settle: () => void): AtExit {
  return {
    begin() {
      watch()
      waiting.add(settle)
    },
    end: () => void waiting.delete(settle),
  }
}
