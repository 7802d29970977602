import { size } from './size.ts'

export const start = (): number => size
