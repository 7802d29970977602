import { MikroORM } from '@mikro-orm/core'

export const open = () => MikroORM
export type Orm = ReturnType<typeof open>
