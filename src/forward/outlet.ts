/** A way out for records. */
import type { OutRecord } from './out-record.ts'

/**
 * Resolves when all of them have arrived. Rejects with Fault `receiver_away` when they are to be sent again, and with
 * `row_refused` when one of them is why they were not taken.
 */
export type Outlet = (records: readonly OutRecord[]) => Promise<void>
