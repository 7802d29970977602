import { useAddress } from '../address.ts'
import { Chain } from './chain.tsx'
import { Changes } from './changes.tsx'

/** Without an id what can be asked about, with one the answer. */
export function ProvenanceView() {
  const id = useAddress().get('id')
  return id ? <Chain key={id} id={id} /> : <Changes />
}
