// refused: cli-calls-two-hallways
import { createLogging } from '../index.ts'

export const create = () => createLogging()
