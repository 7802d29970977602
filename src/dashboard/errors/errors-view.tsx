import { useAddress } from '../address.ts'
import { GroupList } from './group-list.tsx'
import { GroupPage } from './group-page.tsx'

export function ErrorsView() {
  const fingerprint = useAddress().get('group')
  return fingerprint ? <GroupPage key={fingerprint} fingerprint={fingerprint} /> : <GroupList />
}
