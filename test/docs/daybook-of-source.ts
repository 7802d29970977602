/** `node --import` of this: whoever imports or requires `daybook` gets the source, as nothing is built or packed here. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

const root = new URL('../../', import.meta.url)
const { exports: doors } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

registerHooks({
  resolve(specifier, context, next) {
    const door = /^daybook(\/.*)?$/.exec(specifier)
    const built = door && doors[`.${door[1] ?? ''}`]?.default
    if (!built) return next(specifier, context)
    const url = new URL(built.replace('./dist/', './').replace(/\.js$/, '.ts'), root).href
    return { url, format: 'module-typescript', shortCircuit: true }
  },
})
