import { Popover } from '@base-ui/react/popover'
import { type FormEvent, useState } from 'react'
import { go, useAddress } from '../address.ts'
import { Cross } from '../icons.tsx'
import { readSaved, type SavedView, writeSaved } from './saved.ts'

/** Views that the reader keeps in this browser, filters and all. */
export function SavedViews() {
  const search = useAddress().toString()
  const [views, setViews] = useState(readSaved)
  const [name, setName] = useState('')
  const [isOpen, setOpen] = useState(false)

  function keep(next: readonly SavedView[]): void {
    setViews(next)
    writeSaved(next)
  }
  function onSubmit(submit: FormEvent): void {
    submit.preventDefault()
    const wanted = name.trim()
    if (!wanted) return
    keep([...views.filter((view) => view.name !== wanted), { name: wanted, search }])
    setName('')
  }
  function onOpen(view: SavedView): void {
    setOpen(false)
    go(view.search ? `?${view.search}` : './')
  }

  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className="saved-button">Saved</Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="popup-place" sideOffset={6} align="end">
          <Popover.Popup className="popup saved" aria-label="Saved views">
            {views.length === 0 && <p className="muted">Keep this view, with its filters, under a name of yours.</p>}
            <ul>
              {views.map((view) => (
                <li key={view.name}>
                  <button type="button" className="saved-open" onClick={() => onOpen(view)}>
                    {view.name}
                  </button>
                  <button
                    type="button"
                    className="icon-button"
                    aria-label={`Forget ${view.name}`}
                    onClick={() => keep(views.filter((other) => other !== view))}
                  >
                    <Cross />
                  </button>
                </li>
              ))}
            </ul>
            <form onSubmit={onSubmit}>
              <input
                aria-label="Name of this view"
                placeholder="Name of this view"
                value={name}
                onChange={(change) => setName(change.target.value)}
              />
              <button type="submit">Save</button>
            </form>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
