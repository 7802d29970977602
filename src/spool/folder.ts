import { accessSync, constants, mkdirSync } from 'node:fs'
import { Fault, toReason } from '../event/fault.ts'

/** Makes the folder of segments, and asks whether it may be written. Throws Fault `folder_unusable`. */
export function makeFolder(dir: string, eventsDir: string): void {
  const attempt = (what: string, work: () => void): void => {
    try {
      work()
    } catch (error) {
      const advice = 'Choose another folder with DAYBOOK_DIR or options.dir, or make this one writable.'
      throw new Fault('folder_unusable', `${what}: ${toReason(error)}. ${advice}`, { cause: error })
    }
  }
  attempt(`${eventsDir} can't be made`, () => mkdirSync(eventsDir, { recursive: true, mode: 0o700 }))
  for (const path of [dir, eventsDir])
    attempt(`${path} can't be written`, () => accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK))
}
