/** What a whole process notices of agents and observed buses: nothing. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from '@jest/globals'

const LEAK = ['MaxListenersExceededWarning']
let report: Record<string, unknown>
beforeAll(() => {
  const entry = fileURLToPath(new URL('./bystander.ts', import.meta.url))
  report = JSON.parse(
    execFileSync(process.execPath, [entry], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )
})

describe('Node', () => {
  test.each(['emitter', 'target'])('warns of a leaking %s when it did, and not because of us', (bus) => {
    expect(report.limit).toBe(10)
    expect(report[bus]).toEqual({ ofUs: [], withinLimit: [], beyondLimit: LEAK })
  })

  test('throws an `error` without listeners as it is', () => expect(report.isThrownOn).toBe(true))

  test('reports the rejection of a tool when nobody handles it, once, and not when somebody does', () => {
    expect([report.ofTool, report.ofHandledTool]).toEqual([['nobody looks'], []])
  })

  test('hears nothing of a mapping that gave a promise, which is counted', () => {
    expect([report.ofMapping, report.refused]).toEqual([[], 1])
  })
})
