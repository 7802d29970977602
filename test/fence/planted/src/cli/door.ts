// refused: cli-calls-its-hallways
import { createLogging } from '../index.ts'

export const create = () => createLogging()
