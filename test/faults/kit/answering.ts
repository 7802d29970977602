/** An app that ends right after its last answer: `node answering.ts <how> <count>`. Prints the paths it was asked for. */
import { writeSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { eventLogging } from '../../../src/index.ts'

const [, , how = '', count = '1'] = process.argv
const paths = Array.from({ length: Number(count) }, (_, i) => `/${how}-${i}`)

const end = (): void => {
  writeSync(1, `${JSON.stringify(paths)}\n`)
  if (how === 'exit') process.exit(3)
  throw new Error('uncaught')
}

const app = express()
app.use(eventLogging({ durability: 'relaxed', alerts: false }))
app.get('/:name', (req, res) => {
  res.on('finish', () => {
    if (req.path === paths.at(-1)) end()
  })
  res.json({})
})
const server = app.listen(0, '127.0.0.1', async () => {
  const { port } = server.address() as AddressInfo
  for (const path of paths) await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined)
})
