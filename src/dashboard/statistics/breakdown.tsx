import { scaleLinear } from '@visx/scale'
import { Bar } from '@visx/shape'
import type { ReactNode } from 'react'
import { toCount } from '../format.ts'
import { Link } from '../link.tsx'

interface BarsProps {
  readonly title: string
  /** By which one finds the events of a bar; none where the API has no such filter. */
  readonly filter: string | undefined
  readonly range: Readonly<Record<string, string>>
  readonly note?: string | undefined
}

interface BreakdownProps extends BarsProps {
  readonly counts: Readonly<Record<string, number>>
}

export function Breakdown({ counts, ...rest }: BreakdownProps) {
  const most = Math.max(...Object.values(counts), 1)
  const x = scaleLinear({ domain: [0, most], range: [0, 100] })
  return (
    <Bars {...rest} of={Object.entries(counts)} toValue={(count) => count}>
      {(name, count) => (
        <>
          <svg className="breakdown-bar" aria-hidden="true">
            <Bar width={`${x(count)}%`} height="100%" rx="4" />
          </svg>
          <span>{name}</span>
          <b>{toCount(count)}</b>
        </>
      )}
    </Bars>
  )
}

interface ListProps<Value> extends BarsProps {
  readonly of: readonly (readonly [name: string, value: Value])[]
  readonly toValue: (value: Value) => number
  readonly children: (name: string, value: Value) => ReactNode
}

const MOST = 8

/** The highest, each a line that leads to its events. */
export function Bars<Value>({ title, of, toValue, filter, range, note, children }: ListProps<Value>) {
  const all = of.toSorted(([, a], [, b]) => toValue(b) - toValue(a))
  if (all.length === 0) return null
  return (
    <section className="card breakdown">
      <h3>{title}</h3>
      {note && <p className="muted">{note}</p>}
      <ul>
        {all.slice(0, MOST).map(([name, value]) => (
          <li key={name} data-value={name}>
            {filter ? (
              <Link to={{ ...range, [filter]: name }}>{children(name, value)}</Link>
            ) : (
              <span className="bar-line">{children(name, value)}</span>
            )}
          </li>
        ))}
      </ul>
      {all.length > MOST && <p className="muted">and {toCount(all.length - MOST)} more</p>}
    </section>
  )
}
