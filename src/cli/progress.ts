/** How far a long work is, on a terminal only. */
export interface Progress {
  at(done: number): void
  end(): void
}

const WIDTH = 30
const EVERY_MS = 100

export function showProgress(title: string, total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY || total === 0) return { at: () => undefined, end: () => undefined }
  let shownMs = 0
  return {
    at(done) {
      const now = performance.now()
      if (now - shownMs < EVERY_MS) return
      shownMs = now
      const share = Math.min(1, done / total)
      const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')
      stream.write(`\r\x1b[K${bar} ${Math.floor(share * 100)} %  ${title}`)
    },
    end: () => void stream.write('\r\x1b[K'),
  }
}
