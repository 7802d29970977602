/** Jest transform: Node's own type stripping, so that tests run the code as production runs it, at the same positions. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

const self = readFileSync(new URL(import.meta.url))

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
  getCacheKey: (source, path, options) =>
    createHash('sha1')
      .update(self)
      .update(source)
      .update(path)
      .update(process.version)
      .update(options.configString)
      .digest('hex'),
}
