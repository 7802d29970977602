import { existsSync } from 'node:fs'
import { createLogging } from '../logging.ts'
import { start } from '../service.ts'

export const serve = () => existsSync('.') && [createLogging(), start()]
