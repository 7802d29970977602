/** What a host's MikroORM says of its database, read by its shape: the ORM itself loads elsewhere. */
import type { HostOrm } from './host-options.ts'

export function isHostOrm(value: unknown): HostOrm | undefined {
  const { em, config } = Object(value)
  return typeof em?.getConnection === 'function' && typeof config?.get === 'function' ? (value as HostOrm) : undefined
}

/**
 * The database of the host's ORM as a URL for the drain, whose thread has a connection of its own; there is none to a
 * PGlite. `given`, the one that is set beside it, wins.
 */
export function toDatabaseUrl(
  orm: HostOrm,
  given: string | undefined,
  note: (problem: string) => void,
): string | undefined {
  const get = (name: string): unknown => orm.config.get(name as never)
  if (given !== undefined) return given
  if (isOverPglite(orm)) {
    if (!isInPublic(orm)) note('orm: over PGlite it has to use the schema `public`; leave its `schema` out.')
    return undefined
  }
  const driverOptions = Object(get('driverOptions'))
  const [password, schema] = [get('password'), get('schema')]
  if (typeof password === 'function' || driverOptions.ssl !== undefined || typeof driverOptions === 'function') {
    note('orm: its password is a function, or its `driverOptions` hold `ssl`: set database (DATABASE_URL) beside it.')
    return undefined
  }
  const url = toUrl(get)
  if (!isInPublic(orm)) url.searchParams.set('options', `-c search_path="${schema}"`)
  return url.href
}

/** Whether the tables are where its connections look for them by themselves. */
export const isInPublic = (orm: HostOrm): boolean => {
  const schema = orm.config.get('schema' as never)
  return typeof schema !== 'string' || schema === '' || schema === 'public'
}

/** It has one connection, on the thread that opened it. */
export const isOverPglite = (orm: HostOrm): boolean => {
  const driver: unknown = Reflect.get(Object(Reflect.get(orm, 'driver')), 'constructor')
  return Reflect.get(Object(driver), 'name') === 'PgliteDriver'
}

/** Members that are set on their own win over those of `clientUrl`, as they do for the ORM. */
function toUrl(get: (name: string) => unknown): URL {
  const given: unknown = get('clientUrl')
  const url = new URL(typeof given === 'string' && URL.canParse(given) ? given : 'postgres://127.0.0.1:5432')
  const [dbName, host, port, user, password] = ['dbName', 'host', 'port', 'user', 'password'].map(get)
  if (dbName) url.pathname = `/${encodeURIComponent(String(dbName))}`
  if (host) url.hostname = String(host)
  if (port) url.port = String(port)
  if (user) url.username = encodeURIComponent(String(user))
  if (password) url.password = encodeURIComponent(String(password))
  return url
}
