import type { Request } from 'express'

export interface Options {
  readonly actor: (req: Request) => string
}
export const OPTION_NAMES = ['actor']
