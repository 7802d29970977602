// refused: database-in-store
import { sql } from 'kysely'

export const query = () => sql`select 1`
