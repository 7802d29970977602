import { createHmac, timingSafeEqual } from 'node:crypto'
import express from 'express'

const SECRET = process.env.DAYBOOK_ALERT_WEBHOOK_SECRET ?? ''
if (SECRET.length < 16) throw new Error('Set DAYBOOK_ALERT_WEBHOOK_SECRET to what Daybook has.')
const KEY = SECRET.startsWith('whsec_') ? Buffer.from(SECRET.slice('whsec_'.length), 'base64') : Buffer.from(SECRET)
const TOLERANCE_MS = 5 * 60_000

interface Message {
  readonly id: string
  readonly timestamp: string
  /** One for each key, while a sender changes its key. */
  readonly signatures: string
  readonly body: Buffer
}

function isGenuine({ id, timestamp, signatures, body }: Message): boolean {
  const expected = createHmac('sha256', KEY).update(`${id}.${timestamp}.`).update(body).digest()
  return signatures.split(' ').some((signature) => {
    const [version, text = ''] = signature.split(',')
    const given = Buffer.from(text, 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
}

/** A message may come twice; one that is older than the tolerance isn't taken anyway. */
const seen = new Map<string, number>()
function isRepeat(id: string): boolean {
  for (const [old, atMs] of seen) if (Date.now() - atMs > 2 * TOLERANCE_MS) seen.delete(old)
  const isKnown = seen.has(id)
  seen.set(id, Date.now())
  return isKnown
}

const app = express()
// Raw: the signature is of the bytes, which are others once they were parsed and written again.
app.post('/alerts', express.raw({ type: 'application/json' }), (req, res) => {
  const [id = '', timestamp = '', signatures = ''] = ['id', 'timestamp', 'signature'].map((name) =>
    req.get(`webhook-${name}`),
  )
  const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
  const isRecent = Math.abs(Date.now() - Number(timestamp) * 1_000) < TOLERANCE_MS
  if (!isRecent || !isGenuine({ id, timestamp, signatures, body })) return void res.sendStatus(401)
  res.sendStatus(204)
  if (isRepeat(id)) return
  const { type, data } = JSON.parse(body.toString())
  console.log(`${type} ${data.severity} ${data.rule}: ${data.text}`)
})

const port = Number(process.env.PORT ?? 3001)
app.listen(port, () => console.log(`listening on http://localhost:${port}/alerts`))
