import { useEffect, useRef, useState } from 'react'
import { useBook } from '../book.ts'
import { Trend } from '../charts/trend.tsx'
import type { Readiness } from '../client.ts'
import { toBytes, toCount, toDuration } from '../format.ts'
import { Sum } from '../statistics/statistics.tsx'

const KEPT = 40

/** How the log itself is: what it took, what waits, what was lost. */
export function Health() {
  const { readiness } = useBook()
  const rates = useRates(readiness.value)
  const value = readiness.value
  if (!value) return <p className="reading">Reading how Daybook is…</p>
  const { appended, shed, stored, quarantined, waiting_bytes, lag_ms } = value.figures
  return (
    <>
      <dl className="figures wide">
        <Sum name="Rate" value={`${rates.at(-1) ?? 0}/s`} note={`${toCount(appended)} were taken`} />
        <Sum name="Stored" value={toCount(stored)} note="since the start" />
        <Sum name="Lag" value={toDuration(lag_ms)} note="the oldest that waits" isBad={lag_ms > 10_000} />
        <Sum name="Spool" value={toBytes(waiting_bytes)} note="wait on disk" />
        <Sum name="Dropped" value={toCount(shed)} note={shed > 0 ? 'the disk had no room' : 'none'} isBad={shed > 0} />
        <Sum
          name="Quarantined"
          value={toCount(quarantined)}
          note={quarantined > 0 ? 'the database refused them' : 'none'}
          isBad={quarantined > 0}
        />
      </dl>
      <section className="card health">
        <Trend counts={[...Array<number>(KEPT - rates.length).fill(0), ...rates]} />
        <ul>
          {Object.entries(value.checks).map(([name, check]) => (
            <li key={name} className="check-line" data-ok={check.ok}>
              <b>{name}</b> {check.ok ? 'is well' : (check.reason ?? 'is not well')}
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

/** Events a second, from what was taken between two answers. */
function useRates(value: Readiness | undefined): readonly number[] {
  const [rates, setRates] = useState<readonly number[]>([])
  const last = useRef<{ readonly appended: number; readonly atMs: number }>(undefined)
  useEffect(() => {
    if (!value) return
    const { appended } = value.figures
    const atMs = Date.now()
    const before = last.current
    last.current = { appended, atMs }
    if (!before || atMs <= before.atMs) return
    const rate = Math.max(Math.round(((appended - before.appended) * 1000) / (atMs - before.atMs)), 0)
    setRates((rates) => [...rates, rate].slice(-KEPT))
  }, [value])
  return rates
}
