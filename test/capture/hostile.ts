/** Computed, since the linter takes every object with it for a mistake. */
export const THEN = 'then'

/** What a host may hand in by mistake or by malice. Made anew for each use: some can be used up. */
export function createHostiles(): readonly unknown[] {
  const cycle: Record<string, unknown> = { entity_id: 'e' }
  cycle.payload = cycle
  const { proxy: revoked, revoke } = Proxy.revocable({}, {})
  revoke()
  const refuse = (): never => {
    throw new Error('of the host')
  }
  const refusing = new Proxy(
    {},
    { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse, getOwnPropertyDescriptor: refuse },
  )
  return [
    undefined,
    null,
    0,
    Number.NaN,
    10n ** 400n,
    true,
    '',
    'text\0\ud800',
    Symbol('s'),
    refuse,
    [],
    [[refuse]],
    cycle,
    revoked,
    refusing,
    Object.freeze({ entity_id: 'e' }),
    Object.create(null),
    new Date(Number.NaN),
    new Map([[{}, cycle]]),
    new (class {
      get entity_id(): string {
        return refuse()
      }
    })(),
    {
      get entity_id() {
        return refuse()
      },
      comments: 'kept',
    },
    { toString: refuse, valueOf: refuse, toJSON: refuse, [Symbol.toPrimitive]: refuse },
    Object.fromEntries([[THEN, refuse]]),
    Object.create(Object.prototype, { [THEN]: { get: refuse, enumerable: true } }),
    new Error('an error', { cause: cycle }),
  ]
}

/** One column after the other with one hostile value after the other. */
export const createHostileFacts = (columns: readonly string[]): Record<string, unknown>[] =>
  columns.flatMap((column) => createHostiles().map((value) => ({ [column]: value })))
