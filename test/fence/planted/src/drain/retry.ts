import { loop } from './loop.ts'

export const retry = (): unknown => loop
