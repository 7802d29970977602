import type { Options } from '../config/options.ts'
import { nonce, type Shape } from '../event/shapes.ts'

export const refine = (_: Options): Shape => ({ nonce: nonce() })
