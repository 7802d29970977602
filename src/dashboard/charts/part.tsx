import { Bar } from '@visx/shape'
import type { Params } from '../address.ts'
import { Link } from '../link.tsx'

export interface TimePart {
  readonly start: string
  /** When it was and what it holds: a screen reader says it, and the pointer shows it. */
  readonly words: string
  readonly total: number
  readonly failures: number
  /** Its number on the clock, so that the marks of the axis stand at round times. */
  readonly place: number
  readonly mark: string
  readonly to: Params
}

interface PartProps {
  readonly part: TimePart
  readonly place: { readonly left: number; readonly width: number; readonly top: number; readonly foot: number }
  readonly toHeight: (count: number) => number
  readonly isStop: boolean
  readonly onShown: (isShown: boolean) => void
}

/** However few they are, they are seen. */
const LEAST_PX = 2

export function Part({ part, place: { left, width, top, foot }, toHeight, isStop, onShown }: PartProps) {
  const whole = Math.max(toHeight(part.total), LEAST_PX)
  const bad = part.failures > 0 ? Math.max(toHeight(part.failures), LEAST_PX) : 0
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is within it has the role
    <g
      onMouseEnter={() => onShown(true)}
      onMouseLeave={() => onShown(false)}
      onFocus={() => onShown(true)}
      onBlur={() => onShown(false)}
    >
      <Link
        to={part.to}
        plain="g"
        className="chart-part"
        aria-label={part.words}
        data-start={part.start}
        tabIndex={isStop ? 0 : -1}
      >
        <Bar x={left} y={top} width={width} height={foot - top} className="chart-column" />
        <Bar x={left} y={foot - whole} width={width} height={Math.max(whole - bad, 0)} className="chart-good" />
        <Bar x={left} y={foot - bad} width={width} height={bad} className="chart-bad" />
      </Link>
    </g>
  )
}
