// refused: client-stands-alone
import { isRefine } from '../event/pure.ts'

export const client = isRefine
