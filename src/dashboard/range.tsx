import { change, useAddress } from './address.ts'
import { Choice } from './controls/choice.tsx'

const HOUR_MS = 3_600_000

export const RANGES = [
  ['1h', 'Last hour', HOUR_MS],
  ['24h', 'Last 24 hours', 24 * HOUR_MS],
  ['7d', 'Last 7 days', 7 * 24 * HOUR_MS],
  ['30d', 'Last 30 days', 30 * 24 * HOUR_MS],
] as const

export interface Range {
  readonly name: string
  readonly start_time: string
  readonly end_time: string | undefined
  /** What the start was chosen as; that of a named range goes on with the clock. */
  readonly since: string
}

const MINUTE_MS = 60_000

/** The time that a view is about, from the address: a named one, or two moments. Whole minutes, so that it stays the same. */
export function useRange(fallback: (typeof RANGES)[number][0]): Range {
  const address = useAddress()
  const start = address.get('start_time')
  const end = address.get('end_time') ?? undefined
  if (start) return { name: 'own', start_time: start, end_time: end, since: start }
  const name = address.get('range') ?? fallback
  const ms = (RANGES.find(([key]) => key === name) ?? RANGES[0])[2]
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
  return { name, start_time: new Date(now - ms).toISOString(), end_time: undefined, since: name }
}

const RANGE_OPTIONS = [...RANGES.map(([value, label]) => ({ value, label })), { value: 'own', label: 'From … to …' }]

export function RangePicker({ range }: { readonly range: Range }) {
  const isOwn = range.name === 'own'
  const set = (side: 'start_time' | 'end_time') => (text: string) => {
    const at = new Date(text)
    if (!Number.isNaN(at.getTime())) change({ start_time: range.start_time, [side]: at.toISOString() })
  }
  return (
    <fieldset className="range">
      <legend className="for-screen-readers">Time</legend>
      <Choice
        label="Range"
        options={RANGE_OPTIONS}
        value={range.name}
        onValue={(value) =>
          change(
            value === 'own'
              ? { range: undefined, start_time: range.start_time, end_time: new Date().toISOString() }
              : { range: value, start_time: undefined, end_time: undefined },
          )
        }
      />
      {isOwn && (
        <>
          <MomentInput label="From" value={range.start_time} onMoment={set('start_time')} />
          <MomentInput label="To" value={range.end_time ?? ''} onMoment={set('end_time')} />
        </>
      )}
    </fieldset>
  )
}

interface MomentInputProps {
  readonly label: string
  readonly value: string
  readonly onMoment: (text: string) => void
}

/** In UTC, as everywhere in addresses. */
const MomentInput = ({ label, value, onMoment }: MomentInputProps) => (
  <label className="check">
    {label} (UTC)
    <input
      type="datetime-local"
      value={value.slice(0, 16)}
      onChange={(change) => onMoment(`${change.target.value}Z`)}
    />
  </label>
)
