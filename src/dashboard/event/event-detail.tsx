import { Dialog } from '@base-ui/react/dialog'
import { useEffect, useRef } from 'react'
import { Chip } from '../chip.tsx'
import type { EventRow } from '../client.ts'
import { Cross } from '../icons.tsx'
import { Link } from '../link.tsx'
import { CopyEvent } from './copy-event.tsx'
import { EventBody } from './event-body.tsx'
import { TraceStory } from './trace-story.tsx'

interface EventDetailProps {
  readonly event: EventRow
  /** Where the other events of its trace are looked for. */
  readonly rows: readonly EventRow[]
  /** It covers the list instead of standing beside it. */
  readonly isNarrow: boolean
  readonly onChoose: (event: EventRow) => void
  readonly onClose: () => void
}

export function EventDetail({ isNarrow, onClose, ...rest }: EventDetailProps) {
  const panel = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another event starts at its top
  useEffect(() => {
    panel.current?.scrollTo(0, 0)
  }, [rest.event.id])
  const content = <Content {...rest} onClose={onClose} />
  const shown = { ref: panel, className: 'detail', 'aria-label': 'Event detail' }
  if (!isNarrow)
    return (
      <aside {...shown} onKeyDown={(press) => press.key === 'Escape' && onClose()}>
        {content}
      </aside>
    )
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        {/* Where the focus goes back to is the list's affair. */}
        <Dialog.Popup {...shown} initialFocus={panel} finalFocus={false}>
          {content}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

const Content = ({ event, rows, onChoose, onClose }: Omit<EventDetailProps, 'isNarrow'>) => {
  const kin = rows.filter((row) => row.trace_id && row.trace_id === event.trace_id).toReversed()
  return (
    <>
      <header className="detail-bar">
        <Chip event={event} />
        <Link to={{ view: 'event', id: event.id }}>Open</Link>
        <CopyEvent event={event} />
        <button type="button" className="icon-button" onClick={onClose} aria-label="Close">
          <Cross />
        </button>
      </header>
      <EventBody event={event}>
        {kin.length > 1 && <TraceStory kin={kin} event={event} onChoose={onChoose} />}
      </EventBody>
    </>
  )
}
