/** The databases that `geoDatabase` names, read while the app goes on. */
import { readFile } from 'node:fs/promises'

export const readDatabases = (paths: readonly string[]): Promise<Buffer[]> =>
  Promise.all(paths.map((path) => readFile(path)))
