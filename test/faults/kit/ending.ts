/** An app that logs and then ends in a bad way, at once: `node ending.ts <how> <count> <tag>`. Prints what was kept. */
import { writeSync } from 'node:fs'
import { eventLogging } from '../../../src/index.ts'
import { logMany } from './tags.ts'

const [, , how = '', count = '1', tag = how] = process.argv

const leak = (): void => {
  const kept: unknown[] = []
  for (;;) kept.push(new Array(1_000).fill({ leak: Math.random() }))
}

const ENDINGS: Readonly<Record<string, () => void>> = {
  exit: () => process.exit(3),
  throw: () => {
    throw new Error('uncaught')
  },
  reject: () => void Promise.reject(new Error('unhandled')),
  leak,
  nothing: () => undefined,
  stay: () => void setInterval(() => undefined, 1_000),
}

/** To see how the process ends without us. */
const isAlone = process.env.WITHOUT_DAYBOOK !== undefined
const kept = isAlone ? [] : logMany(eventLogging(), tag, Number(count))
writeSync(1, `${JSON.stringify(kept)}\n`)
ENDINGS[how]?.()
