/**
 * Tells of most pieces that are encoded, without decoding them, that they hide nothing: what secrets are known by besides
 * their names is not in them, and no beginning of such a name.
 */
import { toKinds } from './chars.ts'
import { MAY_BE_SECRET, type NameFilter } from './name-filter.ts'
import { byteAt, PERCENT, PLUS } from './percent.ts'

/** As in `signs.ts`: what has more in a row may be a key, or a card. */
const MAX_RUN_CHARS = 15
const MAX_DIGITS = 12
/** Of a run, of a name, of a card; telling in any case; and behind letters of other alphabets, which are no part of a name. */
const [RUN, ALNUM, DIGIT, TELLING, SIGN] = [1, 2, 4, 8, 16]
const KINDS = toKinds([
  [/[\w+/-]/, RUN],
  [/[a-z\d]/i, ALNUM],
  [/\d/, DIGIT],
  // Tags, quotes, lists, credentials, escapes, and what is encoded once more.
  [/[<"'(@%+\\]/, TELLING],
  [/[=:]/, SIGN],
])
const [BLANK, DASH] = [32, 45]

/** `isName` is of names and schemes. */
export function isPlainPiece(text: string, from: number, to: number, isName: NameFilter): boolean {
  let [name, run, digits] = [0, 0, 0]
  let [isForeign, isDash] = [false, false]
  for (let at = from; at < to; at++) {
    let code = text.charCodeAt(at)
    let kind = kindOf(code)
    if (kind & TELLING) {
      const byte = code === PLUS ? BLANK : code === PERCENT ? byteAt(text, at) : -1
      if (byte < 0) return false
      kind = kindOf(byte)
      if (kind & TELLING) return false
      if (code === PERCENT) at += 2
      code = byte
    }
    if (kind & RUN) run++
    else run = 0
    if (kind & ALNUM) {
      isDash = false
      if (kind & DIGIT) digits++
      name = isName(name, code)
      if (run > MAX_RUN_CHARS || digits > MAX_DIGITS || name === MAY_BE_SECRET) return false
    } else {
      if (code > 127) isForeign = true
      else if ((isForeign && kind & SIGN) || (isDash && code === DASH)) return false
      isDash = code === DASH
    }
  }
  return true
}

const kindOf = (code: number): number => (code < 128 ? (KINDS[code] ?? 0) : 0)
