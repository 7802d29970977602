/** Values nobody would write, the same ones for the same seed. */

/** Mulberry32. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

class Odd {
  inside = 1
  #hidden = 2
  get computed(): number {
    return this.#hidden
  }
}

const throwing = (): never => {
  throw new Error('not to be read')
}

const TEXTS = [
  ...[
    '',
    'a',
    'name',
    'password',
    'x'.repeat(20_000),
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udc00x',
    '🙂'.repeat(600),
    '\u2028',
  ],
  ...[
    '\u009b2J',
    '\u202e',
    '\r\n',
    '"',
    '\\',
    '__proto__',
    'constructor',
    'toJSON',
    'hasOwnProperty',
    'then',
    '{"a":[1,{',
  ],
  ...[
    '{"__proto__":{"polluted":true}}',
    '[[[[',
    '-0',
    'NaN',
    '1e400',
    '2026-11-21T10:05:00Z',
    'password=x',
    'ÿ',
    'é\u0301',
  ],
]
/**
 * Names without a backslash: V8 remembers them from any object of this process and then misreads names with escapes.
 * The drain, which reads the lines, makes no such object.
 */
const NAMES = TEXTS.filter((text) => !text.includes('\\'))
const NUMBERS = [0, -0, 1, -1.5, NaN, Infinity, -Infinity, 2 ** 53, 1e308, 5e-324, 1e21, 4111111111111111, 2 ** 31]
const PRIMITIVES = [null, undefined, true, false, 1n, -(10n ** 400n), Symbol('s'), Symbol.iterator]

/** One of the things that exist; `depth` more levels may follow. */
export function toAnything(random: (below: number) => number, depth: number): unknown {
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T
  const kind = random(depth > 0 ? 12 : 3)
  if (kind === 0) return pick(TEXTS)
  if (kind === 1) return pick(NUMBERS)
  if (kind === 2) return pick(PRIMITIVES)
  const more = (): unknown => toAnything(random, depth - 1)
  const some = (): unknown[] => Array.from({ length: random(5) }, more)
  if (kind === 3 || kind === 4) return some()
  if (kind <= 8) return toObject(random, some())
  return pick([
    () => new Map(some().map((value) => [pick(NAMES), value])),
    () => new Set(some()),
    () => new Error(pick(TEXTS), { cause: more() }),
    () => new AggregateError(some(), pick(TEXTS)),
    () => new Date(pick([NaN, 0, 8.64e15, 1.795e12])),
    () => Buffer.from('bytes'),
    () => new Float64Array(3),
    () => /pattern/g,
    () => new Odd(),
    () => new String(pick(TEXTS)),
    () => Object.freeze({ a: more() }),
    () => Object.assign(Object.create(null), { a: more() }),
    () => ({ toJSON: throwing }),
    () => ({ toJSON: () => undefined, a: 1 }),
    () => ({ toJSON: () => more(), b: 1 }),
    () => Object.defineProperty({ a: 1 }, 'b', { get: throwing, enumerable: true }),
    () => revoked({}),
    () => revoked([]),
    () => new Proxy({ a: 1 }, { ownKeys: throwing }),
    () => new Proxy([1, 2], { get: throwing }),
    () => new Proxy({ a: 1 }, { getPrototypeOf: throwing }),
    () => new Array(4_294_967_295),
    () => () => 'called',
    () => Promise.resolve(1),
    () => new WeakMap(),
    () => ({ toString: throwing, valueOf: throwing, [Symbol.toPrimitive]: throwing }),
    () => Object.assign([1, 2], { extra: 3 }),
  ])()
}

function toObject(random: (below: number) => number, values: readonly unknown[]): object {
  const made: Record<string, unknown> = {}
  for (const value of values) {
    const key = NAMES[random(NAMES.length)] ?? ''
    Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true })
  }
  if (random(10) === 0) made.self = made
  return made
}

export function revoked<T extends object>(target: T): T {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}
