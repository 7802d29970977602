/** Makes @swc/core impossible to load, as where its binary is missing. */
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('@swc/core')) throw new Error(`${specifier} is made unavailable for this run`)
    return next(specifier, context)
  },
})
