import { randomBytes } from 'node:crypto'

const table = new Map(Object.entries({ one: 1 }))
export const nonce = () => randomBytes(table.size)
export interface Shape {
  readonly nonce: Buffer
}
