export { createLogging } from './logging.ts'
