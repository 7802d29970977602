// refused: browser-stands-alone
import { randomUUID } from 'node:crypto'

export const toId = (): string => randomUUID()
