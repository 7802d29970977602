// refused: imports-resolve
import { nothing } from './nowhere.ts'

export const found = () => nothing
