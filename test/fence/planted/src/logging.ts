import type { EntityManager } from '@mikro-orm/core'
import { refine } from './refine/refine.ts'

export const createLogging = () => ({ refine, record: (em: EntityManager) => em })
