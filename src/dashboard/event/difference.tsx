type Sides = { readonly before: Record<string, unknown>; readonly after: Record<string, unknown> }

/** What a change of data was before and after, when the payload tells. */
export function toSides(payload: Record<string, unknown> | undefined): Sides | undefined {
  const before = toMembers(payload?.before)
  const after = toMembers(payload?.after)
  return before || after ? { before: before ?? {}, after: after ?? {} } : undefined
}

const toMembers = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined

export function Difference({ before, after }: Sides) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changed = names.filter((name) => toText(before[name]) !== toText(after[name]))
  return (
    <section className="detail-part">
      <h3>What changed</h3>
      {changed.length === 0 && <p className="muted">Nothing: both sides are the same.</p>}
      <dl className="difference">
        {changed.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {before[name] !== undefined && (
                <del>
                  <span className="for-screen-readers">before: </span>
                  {toText(before[name])}
                </del>
              )}
              {after[name] !== undefined && (
                <ins>
                  <span className="for-screen-readers">after: </span>
                  {toText(after[name])}
                </ins>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

const toText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
