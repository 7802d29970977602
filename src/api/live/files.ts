/** `GET /files` and `GET /files/{date}`: the daily files, for those who run the event log. */
import type { Request } from 'express'
import { Fault } from '../../event/fault.ts'
import type { ApiParts } from '../../event/ports/api.ts'
import type { Viewer } from '../../event/viewer.ts'
import type { Handler, Pour } from '../call.ts'
import { Refused } from '../problem.ts'
import { toActor } from './export.ts'
import type { Guests } from './guests.ts'
import { pour } from './pour.ts'

type Parts = Pick<ApiParts, 'files' | 'sink'> & { readonly guests: Guests; readonly ownTenant: string }

const TYPE = 'application/x-ndjson; charset=utf-8'

/** The lines are of all tenants, so they are for those of the tenant that this event log itself is. */
function checkTenant({ tenant_id }: Viewer, own: string): void {
  if (tenant_id !== own)
    throw new Fault('forbidden', 'The daily files hold the events of all tenants; they are not for one.')
}

export const createListFiles =
  ({ files, ownTenant }: Parts): Handler =>
  async ({ viewer }) => {
    checkTenant(viewer, ownTenant)
    return { status: 200, body: { files: await files.list() } }
  }

export function createGetFile({ files, sink, guests, ownTenant }: Parts): Pour {
  return async ({ viewer }, req, res) => {
    checkTenant(viewer, ownTenant)
    const date = String(req.params.date)
    const day = await files.open(date)
    if (!day) throw new Fault('not_found', 'There is no file of that day.')
    const etag = `"${day.tag}"`
    res.set({ 'Accept-Ranges': 'bytes', ETag: etag })
    const { from, to } = toRange(req, etag, day.bytes)
    const isPart = to - from < day.bytes
    if (isPart) res.status(206).set('Content-Range', `bytes ${from}-${to - 1}/${day.bytes}`)
    res.set('Content-Length', String(to - from))
    if (req.method === 'HEAD') return void res.type(TYPE).end()
    const leave = guests.admit(req, viewer, () => res.destroy())
    let isComplete = false
    try {
      await pour(req, res, { type: TYPE, filename: `events_${date}.jsonl`, chunks: day.read(from, to), gzip: false })
      isComplete = true
    } catch (error) {
      if (!res.headersSent) throw error
    } finally {
      leave()
      if (res.headersSent)
        sink.event({
          event_type: 'DATA_EXPORTED',
          status: isComplete ? 'success' : 'failure',
          action_description: `The daily file of ${date} was read`,
          entity_type: 'file',
          entity_id: date,
          ...toActor(viewer, req),
          payload: { complete: isComplete, from, to },
        })
    }
  }
}

/** One range; what is none, or several, is answered with all, as RFC 9110 allows. */
function toRange(req: Request, etag: string, bytes: number): { from: number; to: number } {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(req.get('range') ?? '') ?? []
  const ifRange = req.get('if-range')
  if ((first === '' && last === '') || (ifRange !== undefined && ifRange !== etag)) return { from: 0, to: bytes }
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first)
  const to = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1)
  if (from < to) return { from, to }
  throw new Refused({
    status: 416,
    code: 'invalid_request',
    detail: `The file has ${bytes} bytes.`,
    headers: { 'Content-Range': `bytes */${bytes}` },
  })
}
