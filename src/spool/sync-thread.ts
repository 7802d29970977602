/** What the thread that syncs runs. Few imports: it is to be at work within milliseconds. */
import { parentPort, workerData } from 'node:worker_threads'
import { createSyncer } from './syncer.ts'

if (parentPort) {
  const app = parentPort
  const syncer = createSyncer({ ...workerData, onNotice: (line: string) => app.postMessage(line) })
  app.once('message', () => {
    syncer.close()
    app.close()
  })
}
