import { setImmediate as nextTurn } from 'node:timers/promises'

const AT_ONCE = 5

/**
 * Writes to so many in one turn of the event loop, unless it is over meanwhile: thousands at once would keep all else
 * waiting. `write` tells whether there was something to write.
 */
export async function fewAtOnce<T>(
  items: Iterable<T>,
  write: (item: T) => boolean,
  isOver = () => false,
): Promise<void> {
  let written = 0
  for (const item of items) {
    if (!write(item) || ++written % AT_ONCE > 0) continue
    await nextTurn()
    if (isOver()) return
  }
}
