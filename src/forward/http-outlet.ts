/** Sends records to an OTLP/HTTP receiver: a collector, a vendor, or another Daybook. */
import { Fault, toReason } from '../event/fault.ts'
import { toOtlpJson } from './otlp-logs.ts'
import type { Outlet } from './outlet.ts'

export interface HttpOutletOptions {
  /** Base address; `/v1/logs` is added. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly version: string
  /** Longest wait for an answer, milliseconds. */
  readonly timeoutMs: number
  readonly onNotice: (line: string) => void
}

/** By OTLP these are to be sent again; any other refusal is of the records. */
const RETRYABLE: readonly number[] = [408, 429, 502, 503, 504]
/** Wrong until somebody mends it, and then right: none of these is a fault of the records. */
const UNTIL_MENDED: readonly number[] = [401, 403, 404]
/** Nobody is followed: a page that asks who we are would answer 200 and keep nothing, and the key is for this address. */
const isElsewhere = (status: number): boolean => status >= 300 && status < 400

export function createHttpOutlet({ url, headers, version, timeoutMs, onNotice }: HttpOutletOptions): Outlet {
  const address = `${url.replace(/\/+$/, '')}/v1/logs`
  return async (records) => {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: toOtlpJson(records, version),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      throw new Fault('receiver_away', `${address} can't be reached: ${toReason(error)}.`, { cause: error })
    })
    if (answer.ok) {
      const refused = toRefused(await readSome(answer))
      if (refused)
        onNotice(`Daybook: ${refused.count} of ${records.length} events were not forwarded: ${refused.reason}`)
      return
    }
    await answer.body?.cancel()
    const { status } = answer
    if (RETRYABLE.includes(status) || UNTIL_MENDED.includes(status) || isElsewhere(status))
      throw new Fault('receiver_away', `${address} answered ${status}; check the address and its key.`)
    throw new Fault('row_refused', `${address} refused it with ${status}.`)
  }
}

const MAX_ANSWER_BYTES = 65_536
const MAX_REASON_CHARS = 500

/** The beginning of a body. What can't be read tells nothing: the answer has come. */
async function readSome({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const piece of body ?? []) {
      pieces.push(piece)
      bytes += piece.length
      if (bytes > MAX_ANSWER_BYTES) break
    }
  } catch {
    // Cut off.
  }
  return Buffer.concat(pieces).toString()
}

/** OTLP's partial success: what was not taken is not to be sent again, and which ones they are is not said. */
function toRefused(answer: string): { readonly count: number; readonly reason: string } | undefined {
  try {
    const { rejectedLogRecords, errorMessage = '' } = JSON.parse(answer).partialSuccess
    const count = Number(rejectedLogRecords)
    return count > 0 ? { count, reason: JSON.stringify(String(errorMessage).slice(0, MAX_REASON_CHARS)) } : undefined
  } catch {
    return undefined
  }
}
