import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { STATUSES } from '../../event/columns.ts'
import type { EventType } from '../client.ts'
import { Choice } from '../controls/choice.tsx'
import { type OptionGroup, SearchedChoice } from '../controls/searched-choice.tsx'
import { toStatusWords } from '../format.ts'
import {
  FILTER_NAMES,
  type FilterName,
  type Filters as FilterValues,
  isFiltered,
  toText,
  toValues,
} from './use-filters.ts'

interface FiltersProps {
  readonly filters: FilterValues
  readonly types: readonly EventType[]
  readonly onFilters: (change: Partial<FilterValues>) => void
  readonly onClear: () => void
  /** What stands at the end of the bar. */
  readonly children: ReactNode
}

const IN_SIGHT = ['event_type', 'status', 'user_id', 'q'] as const
const OTHERS = FILTER_NAMES.filter((name) => !(IN_SIGHT as readonly FilterName[]).includes(name))

export function Filters({ filters, types, onFilters, onClear, children }: FiltersProps) {
  const others = OTHERS.filter((name) => filters[name].length > 0)
  const typeGroups = useMemo(() => toTypeGroups(types), [types])
  return (
    <search className="filters" aria-label="Filters">
      <SearchedChoice
        label="Type"
        isLabelShown
        groups={typeGroups}
        value={toText(filters.event_type)}
        onValue={(event_type) => onFilters({ event_type: [event_type] })}
      />
      <Choice
        label="Status"
        isLabelShown
        options={STATUS_OPTIONS}
        value={toText(filters.status)}
        onValue={(status) => onFilters({ status: [status] })}
      />
      <TextFilter name="user_id" label="User" hint="Any user id" filters={filters} onFilters={onFilters} />
      <TextFilter name="q" label="Words" hint="In texts and payloads" filters={filters} onFilters={onFilters} />
      <details className="more-filters" open={others.length > 0 ? true : undefined}>
        <summary>More{others.length > 0 && ` (${others.length})`}</summary>
        <div className="more-filters-grid">
          {OTHERS.map((name) => (
            <TextFilter
              key={name}
              name={name}
              label={name.replaceAll('_', ' ').replace(' ms', ', ms')}
              hint={HINTS[name] ?? 'Any'}
              filters={filters}
              onFilters={onFilters}
            />
          ))}
        </div>
      </details>
      {children}
      {isFiltered(filters) && (
        <button type="button" className="quiet" onClick={onClear}>
          Clear filters
        </button>
      )}
    </search>
  )
}

const STATUS_OPTIONS = [
  { value: '', label: 'Any status' },
  ...STATUSES.map((value) => ({ value, label: toStatusWords(value) })),
]

const toTypeGroups = (types: readonly EventType[]): OptionGroup[] => [
  { name: '', items: [{ value: '', label: 'All types' }] },
  ...[...Map.groupBy(types, (type) => type.category)].map(([category, ofCategory]) => ({
    name: category.replaceAll('_', ' '),
    items: ofCategory.map(({ event_type, description }) => ({
      value: event_type,
      label: event_type,
      note: description,
    })),
  })),
]

const TYPING_PAUSE_MS = 400

/** Several words or numbers are divided by commas; times as the API reads them. */
const HINTS: Partial<Record<FilterName, string>> = {
  start_time: '2026-11-21T10:00:00Z',
  end_time: '2026-11-21T11:00:00Z',
  status_code: '500,503',
  method: 'GET,POST',
  min_duration_ms: '1000',
  min_risk: '50',
}

interface TextFilterProps {
  readonly name: FilterName
  readonly label: string
  readonly hint: string
  readonly filters: FilterValues
  readonly onFilters: FiltersProps['onFilters']
}

/** Filters when the typing pauses, and at once by Enter. */
function TextFilter({ name, label, hint, filters, onFilters }: TextFilterProps) {
  const value = toText(filters[name])
  const areSeveral = filters[name].length > 1
  const [text, setText] = useState(value)
  const [seen, setSeen] = useState(value)
  if (value !== seen) {
    setSeen(value)
    setText(value)
  }
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => onFilters({ [name]: toValues(text, areSeveral) }), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, value, areSeveral, name, onFilters])
  return (
    <label>
      <span>{label}</span>
      <input
        value={text}
        onChange={(change) => setText(change.target.value)}
        onKeyDown={(press) => press.key === 'Enter' && onFilters({ [name]: toValues(text, areSeveral) })}
        placeholder={hint}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
      />
    </label>
  )
}
