/** Whoever logs is not kept by the log. */
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { startReceiver } from '../forward/receiver.ts'
import { startChild } from '../kit/child.ts'
import { createEmbeddedFolder } from '../kit/database.ts'

const SCRIPT = fileURLToPath(new URL('./ending-host.ts', import.meta.url))

test.each(['flushed', 'left alone'])(
  'a program that has nothing else to do ends, although its event log is at work and never closed: %s',
  async (how) => {
    const dir = await createEmbeddedFolder()
    const { url } = await startReceiver()
    const host = startChild(SCRIPT, [how], { DAYBOOK_DIR: dir, DAYBOOK_FORWARD_URL: url })
    await host.waitForLine(/^over, [1-9]\d* stored/)
    const { code } = await host.exit
    expect(code).toBe(0)
  },
)
