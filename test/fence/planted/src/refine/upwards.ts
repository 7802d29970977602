// refused: hallways-are-above
import { start } from '../service.ts'

export const restart = () => start()
