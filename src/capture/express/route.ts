/**
 * The route template of a request, `/tenants/:tenant/orders/:id`.
 *
 * `req.baseUrl` alone can't give it: it holds values instead of parameter names, and it is restored when an error leaves
 * a router, while `req.route` stays. So the app's routers are looked through once, without changing them; a router that
 * can't be found that way (hidden in a closure, an app within an app) is placed by `baseUrl` or by the path.
 */
import type { Request } from 'express'
import { findMounts, type Mount, type Segments, toSegments } from './mounts.ts'
import { read } from './read.ts'

export function toRoute(req: Request): string | undefined {
  const route: unknown = req.route
  const path = read(route, 'path')
  if (typeof route !== 'object' || route === null || path === undefined) return undefined
  const own = Array.isArray(path) ? path.flat(Number.POSITIVE_INFINITY).map(String).join('|') : String(path)
  const base = toBase(req, path, findMounts(req.app, route))
  return own === '/' && base ? base : base + own
}

function toBase(req: Request, path: unknown, mounts: readonly Mount[]): string {
  // Gone from the request once an error has left the routers.
  const base = req.baseUrl ?? ''
  const [mount] = mounts
  if (mount && mounts.length === 1) {
    if (mount.path === '' || mount.path === base) return mount.path
    if (isAt(toSegments(base), mount)) return mount.path
  }
  // As it was routed: the host may have rewritten the URL.
  const url = toSegments(base + toPath(req.url).replace(ORIGIN, ''))
  const tail = typeof path === 'string' && !VARIABLE_LENGTH.test(path) ? toSegments(path) : undefined
  return bestOf(mounts, url, tail, toSegments(base).length) ?? placedByPath(base, url, tail)
}

/** Wildcards and optional groups match any number of segments. */
const VARIABLE_LENGTH = /[*{]/
/** A proxy's client may send the whole URL. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i

/** Of the mounts under which the path can lie: the one as deep as `baseUrl` says, else the deepest. */
function bestOf(mounts: readonly Mount[], url: Segments, tail: Segments | undefined, depth: number) {
  let best: Mount | undefined
  for (const mount of mounts) {
    const { segments } = mount
    if (!startsLike(url, segments) || (tail && url.length !== segments.length + tail.length)) continue
    if (segments.length === depth) return mount.path
    if (!best || segments.length > best.segments.length) best = mount
  }
  return best?.path
}

/** What of the path is not the route's own; `baseUrl` where that can't be told. */
function placedByPath(base: string, url: Segments, tail: Segments | undefined): string {
  if (!tail || url.length < tail.length) return base
  const cut = url.length - tail.length
  return startsLike(url.slice(cut), tail) ? url.slice(0, cut).reduce((text, segment) => `${text}/${segment}`, '') : base
}

const isAt = (base: Segments, { segments }: Mount): boolean =>
  base.length === segments.length && startsLike(base, segments)

const startsLike = (url: Segments, template: Segments): boolean =>
  template.length <= url.length && template.every((segment, at) => isLike(url[at], segment))

const isLike = (segment: string | undefined, template: string): boolean =>
  template.includes(':') || segment?.toLowerCase() === template.toLowerCase()

/** A URL without its query. */
export function toPath(url: string): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}
