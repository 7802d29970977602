/** Where in an app a route's router is mounted, read from the routers themselves and never written to them. */
import { read } from './read.ts'

export type Segments = readonly string[]

/** A path under which a route lies, as a template; `''` is the app itself. */
export interface Mount {
  readonly path: string
  readonly segments: Segments
}

/** By route. */
const known = new WeakMap<object, readonly Mount[]>()
/** Searches of an app that found nothing: a host may make its routers anew for each request. */
const fruitless = new WeakMap<object, number>()

const MAX_FRUITLESS = 32
const MAX_DEPTH = 16
const MAX_LAYERS = 50_000
const MAX_MOUNTS = 16
const NONE: readonly never[] = []

export function findMounts(app: unknown, route: object): readonly Mount[] {
  const found = known.get(route)
  if (found || typeof app !== 'function') return found ?? NONE
  const failed = fruitless.get(app) ?? 0
  if (failed >= MAX_FRUITLESS) return NONE
  for (const [each, paths] of searchApp(app)) known.set(each, paths.map(toMount))
  const mounts = known.get(route)
  if (!mounts) fruitless.set(app, failed + 1)
  return mounts ?? NONE
}

const toMount = (path: string): Mount => ({ path, segments: toSegments(path) })

export const toSegments = (path: string): Segments => path.split('/').filter((segment) => segment !== '')

/** All routes of an app at once, so that an app is searched about once and not once a route. */
function searchApp(app: object): ReadonlyMap<object, readonly string[]> {
  const found = new Map<object, string[]>()
  let layers = 0
  const search = (stack: unknown, prefix: string, depth: number): void => {
    if (!Array.isArray(stack) || depth > MAX_DEPTH) return
    for (const layer of stack) {
      if (++layers > MAX_LAYERS) return
      const route = read(layer, 'route')
      if (typeof route === 'object' && route !== null) addTo(found, route, prefix)
      else for (const path of toPaths(layer)) search(read(read(layer, 'handle'), 'stack'), prefix + path, depth + 1)
    }
  }
  // The app is at work on a request, so that reading its router makes none.
  for (const prefix of toPrefixes(app, 0)) search(read(read(app, 'router'), 'stack'), prefix, 0)
  return found
}

function addTo(found: Map<object, string[]>, route: object, prefix: string): void {
  const mounts = found.get(route)
  if (!mounts) found.set(route, [prefix])
  else if (mounts.length < MAX_MOUNTS && !mounts.includes(prefix)) mounts.push(prefix)
}

/** Where an app is mounted in its parents. */
function toPrefixes(app: unknown, depth: number): readonly string[] {
  const parent = read(app, 'parent')
  if (!parent || depth > MAX_DEPTH) return ['']
  const paths = toTexts(read(app, 'mountpath'))
  return toPrefixes(parent, depth + 1)
    .flatMap((prefix) => paths.map((path) => prefix + path))
    .slice(0, MAX_MOUNTS)
}

/** Express before 5.3 keeps no paths, but says where there is none. */
function toPaths(layer: unknown): readonly string[] {
  const path = read(layer, 'rawPath')
  return path === undefined ? (read(layer, 'slash') === true ? [''] : NONE) : toTexts(path)
}

const toTexts = (path: unknown): readonly string[] =>
  (Array.isArray(path) ? path.flat(Number.POSITIVE_INFINITY) : [path]).map((one) =>
    one instanceof RegExp ? String(one) : String(one).replace(/\/+$/, ''),
  )
