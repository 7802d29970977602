/**
 * Whether a pattern's time surely grows with the text alone. It refuses more than it must, since it only looks at how the
 * pattern is written: nothing may refer back, what repeats without end stands last, and nothing repeats inside of a repeat.
 */

/** Ways in which the bounded repeats together can share a text, from one place in it. */
const MAX_WAYS = 10_000

const QUANTIFIER = /[*+?]|\{(\d+)(?:(,)(\d*))?\}/y
const BACKREFERENCE = /\\(?:[1-9]|k<)/y
const ATOM =
  /\\(?:u\{[^}]*\}|[pP]\{[^}]*\}|c[A-Za-z]|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>|[a-z-]+:))?|[\s\S]/y

interface Group {
  /** Inside of it something repeats a number of times that varies, or there is a choice. */
  varies: boolean
  readonly looks: boolean
}

/** What is wrong with it, as advice; undefined when it is linear. */
export function toPatternProblem(pattern: RegExp): string | undefined {
  const { source } = pattern
  const groups: Group[] = [{ varies: false, looks: false }]
  let ways = 1
  for (let at = 0; at < source.length; ) {
    if (take(BACKREFERENCE, source, at)) return 'it refers back to a group'
    const atom = take(ATOM, source, at)?.[0] ?? ''
    at += atom.length
    const group = groups.at(-1) as Group
    if (atom.startsWith('(')) {
      groups.push({ varies: false, looks: /[=!]$/.test(atom) })
      continue
    }
    if (atom === '|') group.varies = true
    const closed = atom === ')' ? groups.pop() : undefined
    const outer = groups.at(-1) ?? group
    const repeat = take(QUANTIFIER, source, at)
    if (closed?.varies) outer.varies = true
    if (!repeat) continue
    at += repeat[0].length
    const { max, isFixed } = toBounds(repeat)
    if (closed?.varies && max > 1) return 'something repeats or varies inside of a repeat'
    if (max === Number.POSITIVE_INFINITY) {
      if (groups.some(({ looks }) => looks)) return 'it looks ahead or back over a repeat without end'
      if (groups.length > 1 || !/^\??(?:$|\|)/.test(source.slice(at)))
        return 'a repeat without end is not the last of it: write {1,64} instead of +'
    } else if (!isFixed) ways *= max
    if (ways > MAX_WAYS) return 'its repeats can share a text in too many ways: give them smaller bounds'
    if (!isFixed) outer.varies = true
  }
  return undefined
}

function take(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(source)
}

function toBounds([sign, least = '', comma = '', most = '']: RegExpExecArray): { max: number; isFixed: boolean } {
  if (sign === '?') return { max: 1, isFixed: false }
  if (sign === '*' || sign === '+') return { max: Number.POSITIVE_INFINITY, isFixed: false }
  if (comma === '') return { max: Number(least), isFixed: true }
  return { max: most === '' ? Number.POSITIVE_INFINITY : Number(most), isFixed: least === most }
}
