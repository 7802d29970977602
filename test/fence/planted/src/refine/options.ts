// refused: options-are-types
import { OPTION_NAMES } from '../config/options.ts'

export const count = () => OPTION_NAMES.length
