import type { EventRow } from './client.ts'

/** The event type, coloured by its category; one that failed is red whatever it is. */
export const Chip = ({ event }: { readonly event: EventRow }) => (
  <span className="chip" data-category={event.category} title={event.category?.replaceAll('_', ' ')}>
    {event.event_type}
  </span>
)
