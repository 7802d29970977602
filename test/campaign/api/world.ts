/** An event log of several users, projects and tenants, with something secret in each column that users do not see. */
import { fileURLToPath } from 'node:url'
import { startChild } from '../../kit/child.ts'
import { waitUntil } from '../../kit/wait-until.ts'
import { type ApiAppSpec, TENANT_HEADER } from './app-spec.ts'
import { type Answered, type Asked, createAsk } from './ask.ts'
import { ERRORS, EVENTS, OTHER_EVENTS } from './rows.ts'

const APP = fileURLToPath(new URL('app.ts', import.meta.url))
/** More than are revoked. */
const VICTIMS = 50
const ADMIN_KEY = 'a-key-for-campaigns-only'

/** `token`: for alice's session. `member`: a user of project apollo. `elsewhere`: an admin of another tenant. */
export const WHOS = [
  'admin',
  'auditor',
  'user',
  'member',
  'ingest',
  'token',
  'anonymous',
  'stranger',
  'elsewhere',
] as const
export type Who = (typeof WHOS)[number]

export interface World {
  readonly dir: string
  readonly port: number
  readonly headersOf: Readonly<Record<Who, Readonly<Record<string, string>>>>
  readonly ask: (asked: Asked) => Promise<Answered>
  /** The JSON that `who` gets. Fails when it is refused. */
  readonly read: <Body>(who: Who, path: string) => Promise<Body>
  readonly send: <Body>(who: Who, path: string, body: unknown) => Promise<Body>
  /** Keys that may be revoked. */
  readonly victims: readonly string[]
  /** What the app said of itself. */
  readonly told: () => string
  close(): Promise<void>
}

export async function startWorld(dir: string): Promise<World> {
  const spec: ApiAppSpec = { dir, adminKey: ADMIN_KEY }
  const app = startChild(APP, [JSON.stringify(spec)])
  const port = Number(/:(\d+)\/$/.exec(await app.waitForLine(/^ready/))?.[1])
  const ask = createAsk(port)
  const admin = { 'x-api-key': ADMIN_KEY }
  const askJson = async <Body>(asked: Asked): Promise<Body> => {
    const { status, text } = await ask(asked)
    if (status >= 300) throw new Error(`${asked.method} ${asked.path}: ${status} ${text}`)
    return text === '' ? (undefined as Body) : JSON.parse(text)
  }
  const sendAs = <Body>(headers: Asked['headers'], path: string, of: unknown, method = 'POST') => {
    const body = JSON.stringify(of)
    return askJson<Body>({ method, path, headers: { ...headers, 'content-type': 'application/json' }, body })
  }
  await waitUntil(async () => (await ask({ method: 'GET', path: '/readyz', headers: {} })).status === 200, {
    what: 'the database',
  })

  const makeKey = async (role: string, user_id?: string) =>
    sendAs<{ id: string; key: string }>(admin, '/admin/keys', { role, ...(user_id && { user_id }) })
  const keyOf = async (role: string, user_id?: string) => ({ 'x-api-key': (await makeKey(role, user_id)).key })
  const elsewhere = { [TENANT_HEADER]: 'other' }
  const [auditor, user, member, ingest] = [
    await keyOf('auditor'),
    await keyOf('user', 'alice'),
    await keyOf('user', 'carol'),
    await keyOf('ingest'),
  ]
  const victims: string[] = []
  while (victims.length < VICTIMS) victims.push((await makeKey('auditor')).id)
  await sendAs(admin, '/admin/projects/apollo/members/carol', {}, 'PUT')
  const { token } = await sendAs<{ token: string }>(user, '/viewer-tokens', {
    session_id: 's-alice',
    expires_in_s: 3600,
  })
  const headersOf: World['headersOf'] = {
    admin,
    auditor,
    user,
    member,
    ingest,
    elsewhere,
    token: { authorization: `Bearer ${token}` },
    anonymous: {},
    stranger: { 'x-api-key': 'dbk_0123456789abcdef_no-such-key' },
  }
  await sendAs(admin, '/events', EVENTS)
  await sendAs(elsewhere, '/events', OTHER_EVENTS)
  for (const error of ERRORS) await sendAs(admin, '/errors', error)
  const world: World = {
    dir,
    port,
    headersOf,
    ask,
    victims,
    read: (who, path) => askJson({ method: 'GET', path, headers: headersOf[who] }),
    send: (who, path, body) => sendAs(headersOf[who], path, body),
    told: app.stderr,
    close: async () => void (await app.kill()),
  }
  await waitUntil(() => isStored(world), { what: 'the rows to be stored' })
  return world
}

async function isStored({ read }: World): Promise<boolean> {
  const events = await read<{ total: number }>('admin', '/events?limit=1&agent_id=billing')
  const errors = await read<{ total: number }>('admin', '/errors?limit=1')
  return events.total >= EVENTS.length && errors.total >= ERRORS.length
}
