// refused: declared-at-run-time
import { build } from 'vite'

export const run = () => build()
