import type { Answer } from '../client.ts'
import { toDate, toMoment } from '../format.ts'
import { Scrolls } from './scrolls.tsx'

type Key = Answer<'listKeys'>['keys'][number]

export const Keys = ({ keys }: { readonly keys: readonly Key[] }) =>
  keys.length === 0 ? (
    <p className="muted">
      Only the admin key. Make one for each app and person: <code>POST /admin/keys</code>.
    </p>
  ) : (
    <Scrolls label="Keys">
      <table>
        <thead>
          <tr>
            <th scope="col">Label</th>
            <th scope="col">Role</th>
            <th scope="col">User</th>
            <th scope="col">Made</th>
            <th scope="col">Last used</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <th scope="row">{key.label ?? key.id.slice(0, 8)}</th>
              <td>{key.role}</td>
              <td>{key.user_id ?? '–'}</td>
              <td>{toDate(key.created_at)}</td>
              <td>{key.last_used_at ? toMoment(key.last_used_at) : 'never'}</td>
              <td>{toState(key)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  )

function toState({ revoked_at, expires_at }: Key): string {
  if (revoked_at) return 'revoked'
  if (expires_at && Date.parse(expires_at) < Date.now()) return 'expired'
  return expires_at ? `until ${toDate(expires_at)}` : 'valid'
}
