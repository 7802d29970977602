import type { EventRow } from '../client.ts'
import { toDuration } from '../format.ts'
import { toFieldGroups } from './field-groups.ts'

/** All set columns of an event, by group. */
export const Fields = ({ event }: { readonly event: EventRow }) =>
  toFieldGroups(event).map(({ title, fields }) => (
    <section key={title} className="detail-part">
      <h3>{title}</h3>
      <dl className="fields">
        {fields.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{toText(name, value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  ))

/** To the microsecond; what floating point adds behind that is noise. */
function toPreciseMs(ms: number): string {
  const rounded = String(Number(ms.toFixed(3)))
  return ms < 1000 ? rounded : `${rounded} (${toDuration(ms)})`
}

function toText(name: string, value: unknown): string {
  if (name === 'duration_ms' && typeof value === 'number') return toPreciseMs(value)
  if (Array.isArray(value)) return value.join('\n')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
