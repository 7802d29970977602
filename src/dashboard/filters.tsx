import { useEffect, useState } from 'react'
import { STATUSES } from '../event/columns.ts'
import type { EventType } from './client.ts'
import { toStatusWords } from './format.ts'
import type { Filters as FilterValues } from './use-filters.ts'

interface FiltersProps {
  readonly filters: FilterValues
  readonly types: readonly EventType[]
  readonly onFilters: (change: Partial<FilterValues>) => void
  readonly onClear: () => void
}

export function Filters({ filters, types, onFilters, onClear }: FiltersProps) {
  const isFiltered = Object.values(filters).some(Boolean)
  return (
    <search className="filters" aria-label="Filters">
      <label>
        <span>Type</span>
        <select value={filters.event_type} onChange={(change) => onFilters({ event_type: change.target.value })}>
          <option value="">All types</option>
          <TypeOptions types={types} chosen={filters.event_type} />
        </select>
      </label>
      <label>
        <span>Status</span>
        <select value={filters.status} onChange={(change) => onFilters({ status: change.target.value })}>
          <option value="">Any status</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {toStatusWords(status)}
            </option>
          ))}
        </select>
      </label>
      <UserInput user={filters.user_id} onFilters={onFilters} />
      {isFiltered && (
        <button type="button" className="quiet" onClick={onClear}>
          Clear filters
        </button>
      )}
    </search>
  )
}

function TypeOptions({ types, chosen }: { readonly types: readonly EventType[]; readonly chosen: string }) {
  const categories = Map.groupBy(types, (type) => type.category)
  const isListed = !chosen || types.some((type) => type.event_type === chosen)
  return (
    <>
      {!isListed && <option value={chosen}>{chosen}</option>}
      {[...categories].map(([category, ofCategory]) => (
        <optgroup key={category} label={category.replaceAll('_', ' ')}>
          {ofCategory.map(({ event_type, description }) => (
            <option key={event_type} value={event_type} title={description}>
              {event_type}
            </option>
          ))}
        </optgroup>
      ))}
    </>
  )
}

const TYPING_PAUSE_MS = 400

interface UserInputProps {
  readonly user: string
  readonly onFilters: FiltersProps['onFilters']
}

/** Filters when the typing pauses, and at once by Enter. */
function UserInput({ user, onFilters }: UserInputProps) {
  const [text, setText] = useState(user)
  const [seen, setSeen] = useState(user)
  if (user !== seen) {
    setSeen(user)
    setText(user)
  }
  useEffect(() => {
    const timer = setTimeout(() => onFilters({ user_id: text.trim() }), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, onFilters])
  return (
    <label>
      <span>User</span>
      <input
        value={text}
        onChange={(change) => setText(change.target.value)}
        onKeyDown={(press) => press.key === 'Enter' && onFilters({ user_id: text.trim() })}
        placeholder="Any user id"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
      />
    </label>
  )
}
