/** When redaction itself fails, nothing unredacted passes, and the event stays. */
import { expect, test } from '@jest/globals'
import { LIMITS } from '../../src/config/defaults.ts'
import { EVENT_COLUMNS } from '../../src/event/columns.ts'
import { createCleanRules } from '../../src/refine/clean.ts'
import { createCleaners } from '../../src/refine/columns.ts'
import { createTestRefinery } from '../kit/events.ts'
import { CANARY } from './secrets.ts'

const throwing = (): never => {
  throw new RangeError(`too much recursion near ${CANARY}`)
}
const redactText = Object.assign((text: string) => text, { isPlain: () => false })
const working = { limits: LIMITS, kindOf: () => 'plain' as const, redactText }
const failingText = { redactText: Object.assign(throwing, { isPlain: () => false }) }

const cases = {
  'redaction of text': failingText,
  'the look at text': { redactText: Object.assign(() => 'x', { isPlain: throwing }) },
  'the look at names': { kindOf: throwing },
}

test.each(Object.entries(cases))('%s fails: the value is withheld, and its place says so', (_, failing) => {
  const cleaners = createCleaners(EVENT_COLUMNS, createCleanRules({ ...working, ...failing }))
  for (const value of [{ a: CANARY }, [{ [CANARY]: 1 }], new Map([[CANARY, [CANARY]]]), new Error(CANARY)]) {
    const clean = cleaners.get('payload')?.(value)
    expect(JSON.stringify(clean)).not.toContain(CANARY)
    expect(JSON.stringify(clean)).toMatch(/WITHHELD|UNREADABLE/)
  }
})

test('redaction of text fails: no column of text passes, each keeps its kind', () => {
  const cleaners = createCleaners(EVENT_COLUMNS, createCleanRules({ ...working, ...failingText }))
  for (const [name, kind] of Object.entries(EVENT_COLUMNS)) {
    const clean = cleaners.get(name)?.(kind === 'text[]' ? [CANARY] : CANARY)
    expect([name, JSON.stringify(clean) ?? '']).not.toEqual([name, expect.stringContaining(CANARY)])
    if (kind === 'text' && !['source_ip', 'trace_id'].includes(name)) expect(clean).toBe('[WITHHELD: redaction failed]')
    if (kind === 'text[]') expect(clean).toEqual(['[WITHHELD: redaction failed]'])
    if (kind === 'int' || kind === 'float' || kind === 'uuid' || kind === 'time') expect(clean).toBeUndefined()
  }
})

test('the control: with redaction that works the same values pass', () => {
  const cleaners = createCleaners(EVENT_COLUMNS, createCleanRules(working))
  expect(cleaners.get('payload')?.({ a: CANARY })).toEqual({ a: CANARY })
  expect(cleaners.get('comments')?.(CANARY)).toBe(CANARY)
})

test('the event stays when redaction fails in the middle of it', () => {
  const refinery = createTestRefinery()
  const said = `it said: ${CANARY}`
  const original = String.prototype.isWellFormed
  try {
    // What every text goes through that a secret may be in; an exhausted stack would throw as well.
    String.prototype.isWellFormed = throwing
    const draft = { event_type: 'COMMIT', duration_ms: 5, comments: said, payload: { [said]: said }, metadata: said }
    expect(refinery.seal(draft)).toMatchObject({
      duration_ms: 5,
      status: 'success',
      comments: '[WITHHELD: redaction failed]',
      payload: { '[WITHHELD: redaction failed]': '[WITHHELD: redaction failed]' },
      metadata: '[WITHHELD: redaction failed]',
    })
    expect(JSON.stringify(refinery.sealError({ error: new Error(said) }))).not.toContain(CANARY)
  } finally {
    String.prototype.isWellFormed = original
  }
})
