/** The measured process: one variant's server, which tells the CPU it has used when the bench asks. */
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { VARIANTS } from './capture-variants.ts'

export type ToServer = { readonly say: 'begin' } | { readonly say: 'end' }
export type FromServer =
  | { readonly say: 'listening'; readonly port: number }
  | { readonly say: 'begun' }
  | { readonly say: 'ended'; readonly app_us: number; readonly process_us: number }

const say = (message: FromServer): void => void process.send?.(message)
const toMicros = ({ user, system }: NodeJS.CpuUsage): number => user + system

const [variant = '', dir = '', database = ''] = process.argv.slice(2)
const { middleware, settle, hasLogged } = VARIANTS[variant]?.({ dir, database }) ?? {}

// After the variant was made: OpenTelemetry must be there first.
const express: typeof import('express') = createRequire(import.meta.url)('express')
const app = express()
if (middleware) app.use(middleware)
app.get('/orders/:id', (req, res) => {
  res.json({ id: req.params.id, state: 'open', items: 3 })
})
app.post('/orders', express.json(), (req, res) => {
  res.status(201).json({ id: 1, items: req.body.items.length })
})
const server = app.listen(0, '127.0.0.1', () => say({ say: 'listening', port: (server.address() as AddressInfo).port }))

let ofApp = process.threadCpuUsage()
let ofProcess = process.cpuUsage()
process.on('message', async ({ say: asked }: ToServer) => {
  if (asked === 'begin') {
    await settle?.()
    ofApp = process.threadCpuUsage()
    ofProcess = process.cpuUsage()
    return say({ say: 'begun' })
  }
  const app_us = toMicros(process.threadCpuUsage(ofApp))
  await settle?.()
  if (hasLogged?.() === false) throw new Error(`${variant} has logged nothing.`)
  say({ say: 'ended', app_us, process_us: toMicros(process.cpuUsage(ofProcess)) })
})
// The bench is gone, however it ended.
process.on('disconnect', () => process.exit())
