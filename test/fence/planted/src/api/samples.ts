// refused: src-imports-src
import { sample } from '../../test/sample.ts'

export const samples = () => [sample]
