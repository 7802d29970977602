import type { State } from '../state.ts'

export const Notice = ({ state: { trouble, reason } }: { readonly state: State }) =>
  trouble && (
    <div className="notice" role="alert">
      <p>{trouble}</p>
      {reason && <p className="notice-reason">{reason}</p>}
    </div>
  )
