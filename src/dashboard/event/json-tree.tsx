import { useState } from 'react'

interface JsonTreeProps {
  readonly value: unknown
  readonly name?: string
  readonly depth?: number
}

/** Deeper ones are folded, and so are long ones. */
const OPEN_DEPTH = 3
const MANY = 50

/** A value as a tree; whatever it holds is text. */
export function JsonTree({ value, name, depth = 0 }: JsonTreeProps) {
  const [limit, setLimit] = useState(MANY)
  if (typeof value !== 'object' || value === null) return <Leaf name={name} value={value} />
  const members = Object.entries(value)
  if (members.length === 0) return <Leaf name={name} value={Array.isArray(value) ? '[]' : '{}'} isEmpty />
  const list = (
    <ul className="tree">
      {members.slice(0, limit).map(([key, member]) => (
        <li key={key}>
          <JsonTree name={key} value={member} depth={depth + 1} />
        </li>
      ))}
      {members.length > limit && (
        <li>
          <button type="button" className="quiet" onClick={() => setLimit(limit + 10 * MANY)}>
            {members.length - limit} more
          </button>
        </li>
      )}
    </ul>
  )
  if (name === undefined) return list
  return (
    <details className="tree-branch" open={depth < OPEN_DEPTH && members.length <= MANY}>
      <summary>
        <span className="tree-name">{name}</span>
        <span className="muted">{Array.isArray(value) ? `[${members.length}]` : `{${members.length}}`}</span>
      </summary>
      {list}
    </details>
  )
}

interface LeafProps {
  readonly name: string | undefined
  readonly value: unknown
  readonly isEmpty?: boolean
}

const Leaf = ({ name, value, isEmpty = false }: LeafProps) => (
  <span className="tree-leaf">
    {name !== undefined && <span className="tree-name">{name}</span>}
    <span className="tree-value" data-kind={isEmpty || value === null ? 'none' : typeof value}>
      {typeof value === 'string' ? value : String(value)}
    </span>
  </span>
)
