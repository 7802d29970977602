/** A property of something that is not ours; undefined when there is none or when its getter throws. */
export function read(from: unknown, name: PropertyKey): unknown {
  if (from === null || (typeof from !== 'object' && typeof from !== 'function')) return undefined
  try {
    return Reflect.get(from, name)
  } catch {
    return undefined
  }
}
