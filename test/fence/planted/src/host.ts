// refused: database-types-in-hallways
import { MikroORM } from '@mikro-orm/core'

export const open = () => MikroORM
