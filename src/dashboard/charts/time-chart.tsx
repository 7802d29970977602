import { AxisBottom, AxisLeft } from '@visx/axis'
import { GridRows } from '@visx/grid'
import { ParentSize } from '@visx/responsive'
import { scaleBand, scaleLinear } from '@visx/scale'
import { TooltipWithBounds } from '@visx/tooltip'
import { useState } from 'react'
import { toShortCount } from '../format.ts'
import { Part, type TimePart } from './part.tsx'
import { toTicks } from './ticks.ts'
import { useBarKeys } from './use-bar-keys.ts'

interface TimeChartProps {
  readonly label: string
  readonly parts: readonly TimePart[]
  /** How many parts there may be from one mark to the next. */
  readonly steps: readonly number[]
}

interface Shown {
  readonly words: string
  readonly left: number
}

/** Parts of a time as bars, what failed at their foot. One tab stop: the arrow keys move, Enter follows. */
export function TimeChart(props: TimeChartProps) {
  const [shown, setShown] = useState<Shown>()
  return (
    <div className="chart">
      <ParentSize debounceTime={50}>
        {({ width, height }) => width > 0 && <Plot {...props} width={width} height={height} onShown={setShown} />}
      </ParentSize>
      {shown && (
        <TooltipWithBounds
          key={shown.words}
          className="chart-words"
          left={shown.left}
          top={0}
          unstyled
          applyPositionStyle
          aria-hidden="true"
        >
          {shown.words}
        </TooltipWithBounds>
      )}
    </div>
  )
}

interface PlotProps extends TimeChartProps {
  readonly width: number
  readonly height: number
  readonly onShown: (shown: Shown | undefined) => void
}

const LEFT_PX = 40
const TOP_PX = 8
const RIGHT_PX = 16
const BOTTOM_PX = 24
const MARK_PX = 64

function Plot({ label, parts, steps, width, height, onShown }: PlotProps) {
  const most = Math.max(...parts.map(({ total }) => total), 1)
  const foot = height - BOTTOM_PX
  const x = scaleBand({
    domain: parts.map(({ start }) => start),
    range: [LEFT_PX, width - RIGHT_PX],
    paddingInner: width / parts.length > 6 ? 0.2 : 0.1,
  })
  const y = scaleLinear({ domain: [0, most], range: [foot, TOP_PX], nice: 4 })
  const marks = toTicks(parts, { steps, most: (width - LEFT_PX) / MARK_PX })
  const counts = y.ticks(4).filter(Number.isInteger)
  const { stop, ...keys } = useBarKeys(parts, () => onShown(undefined))
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of HTML is a group of bars
    <svg width={width} height={height} role="group" aria-label={label} {...keys}>
      {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus */}
      <g aria-hidden="true">
        <GridRows
          scale={y}
          width={width - LEFT_PX - RIGHT_PX}
          left={LEFT_PX}
          tickValues={counts}
          className="chart-grid"
          stroke=""
        />
        <AxisLeft
          scale={y}
          left={LEFT_PX}
          tickValues={counts}
          hideAxisLine
          hideTicks
          tickComponent={({ x, y, formattedValue }) => (
            <text x={x} y={y} dy="0.32em" textAnchor="end">
              {formattedValue}
            </text>
          )}
          tickFormat={(count) => toShortCount(Number(count))}
        />
        <AxisBottom
          scale={x}
          top={foot}
          tickValues={marks.map(({ start }) => start)}
          tickLength={4}
          axisLineClassName="chart-foot"
          stroke=""
          tickStroke=""
          tickFormat={(start) => marks.find((mark) => mark.start === start)?.mark}
          tickComponent={({ x, y, formattedValue }) => (
            <text x={x} y={y} dy="0.3em" textAnchor="middle">
              {formattedValue}
            </text>
          )}
        />
      </g>
      {parts.map((part) => {
        const left = x(part.start) ?? 0
        return (
          part.total > 0 && (
            <Part
              key={part.start}
              part={part}
              place={{ left, width: x.bandwidth(), top: TOP_PX, foot }}
              toHeight={(count) => foot - y(count)}
              isStop={part.start === stop}
              onShown={(isShown) => onShown(isShown ? { words: part.words, left: left + x.bandwidth() } : undefined)}
            />
          )
        )
      })}
    </svg>
  )
}
