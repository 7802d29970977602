import { useAddress } from '../address.ts'
import { SessionList } from './session-list.tsx'
import { SessionStory } from './session-story.tsx'

/** Without an id the latest sessions, with one its story. */
export function SessionView() {
  const address = useAddress()
  const id = address.get('id')
  return id ? <SessionStory key={id} id={id} at={address.get('at')} /> : <SessionList />
}
