import { useState } from 'react'
import { useBook } from '../book.ts'
import { type ErrorGroup, Refusal } from '../client.ts'

const DAY_MS = 86_400_000

interface GroupActionsProps {
  readonly group: ErrorGroup
  readonly onChanged: () => void
}

/** What becomes of a group; an admin says so. */
export function GroupActions({ group, onChanged }: GroupActionsProps) {
  const { client } = useBook()
  const [trouble, setTrouble] = useState('')
  async function become(state: 'open' | 'resolved' | 'muted'): Promise<void> {
    const until = state === 'muted' ? { muted_until: new Date(Date.now() + DAY_MS).toISOString() } : {}
    try {
      await client.changeErrorGroup({ path: { fingerprint: group.fingerprint }, body: { state, ...until } })
      setTrouble('')
      onChanged()
    } catch (thrown) {
      const isForbidden = thrown instanceof Refusal && thrown.status === 403
      setTrouble(isForbidden ? 'That takes a key of role admin.' : 'It couldn’t be changed. Try again.')
    }
  }
  const isOpen = group.state === 'open' || group.state === 'regressed'
  return (
    <span className="group-actions">
      {isOpen ? (
        <>
          <button type="button" onClick={() => void become('resolved')}>
            Resolve
          </button>
          <button type="button" onClick={() => void become('muted')}>
            Mute for a day
          </button>
        </>
      ) : (
        <button type="button" onClick={() => void become('open')}>
          Open again
        </button>
      )}
      <span role="status" className="bad">
        {trouble}
      </span>
    </span>
  )
}
