import { scaleBand, scaleLinear } from '@visx/scale'
import { Bar } from '@visx/shape'

const WIDTH = 96
const HEIGHT = 24

/** How often, over the time that was asked for: at a glance, without axes. */
export function Trend({ counts }: { readonly counts: readonly number[] }) {
  const x = scaleBand({ domain: [...counts.keys()], range: [0, WIDTH], padding: 0.2 })
  const y = scaleLinear({ domain: [0, Math.max(...counts, 1)], range: [0, HEIGHT] })
  return (
    <svg
      className="trend"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Over time: ${counts.join(', ')}`}
      preserveAspectRatio="none"
    >
      {counts.map((count, at) => {
        const height = count === 0 ? 1 : Math.max(y(count), 3)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part of the time is its place
          <Bar key={at} x={x(at)} y={HEIGHT - height} width={x.bandwidth()} height={height} data-empty={count === 0} />
        )
      })}
    </svg>
  )
}
