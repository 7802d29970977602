/** Numbers of cards, by their length and their check digit. */
import { codeAt, isAlnum, isDigit } from './chars.ts'
import { REDACTED } from './marker.ts'

const [ZERO, BLANK, DASH, DOT] = [48, 32, 45, 46]
/** Their digits may look like a card's. */
const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![A-Za-z0-9])/iy
const FIRST_DIGITS = 4
const MIN_DIGITS = 13
const MAX_DIGITS = 19

export function redactCards(text: string): string {
  let out = ''
  let copied = 0
  let isInside = false
  for (let at = 0; at < text.length; at++) {
    const isFirst = !isInside
    isInside = isAlnum(text.charCodeAt(at))
    const end = isFirst && isInside ? endOfUuid(text, at) || endOfDigits(text, at) : 0
    if (end === 0) continue
    if (isCard(text, at, end)) {
      out += text.slice(copied, at) + REDACTED
      copied = end
    }
    at = end - 1
  }
  return copied === 0 ? text : out + text.slice(copied)
}

function endOfUuid(text: string, at: number): number {
  if (codeAt(text, at + 8) !== DASH) return 0
  UUID.lastIndex = at
  return UUID.test(text) ? UUID.lastIndex : 0
}

/** Four digits and more, also with a blank or a dash between two; as many as may be before what is no letter or digit. */
function endOfDigits(text: string, start: number): number {
  if (lengthsOf(text, start).length === 0) return 0
  const isFraction = codeAt(text, start - 1) === DOT && isDigit(codeAt(text, start - 2))
  if (isFraction) return 0
  let end = 0
  let at = start
  for (let digits = 1; digits <= MAX_DIGITS; digits++) {
    const code = codeAt(text, at)
    if (digits > FIRST_DIGITS && (code === BLANK || code === DASH)) at++
    if (!isDigit(codeAt(text, at++))) break
    if (digits >= MIN_DIGITS && !isAlnum(codeAt(text, at))) end = at
  }
  return end
}

/** How many digits the cards that begin with 0, 1, 2 … have. */
const LENGTHS: readonly (readonly number[])[] = [
  [],
  [],
  [16],
  [14, 15, 16],
  [13, 16, 19],
  [16],
  [13, 14, 15, 16, 17, 18, 19],
]
const NONE: readonly number[] = []

/** Of those with a 2: Mir and Mastercard. Dates and ids made of the time begin with 20. */
const [FIRST_OF_2, LAST_OF_2] = [2200, 2720]

function lengthsOf(text: string, at: number): readonly number[] {
  const first = codeAt(text, at) - ZERO
  if (first === 2) {
    const issuer = Number(text.slice(at, at + FIRST_DIGITS))
    if (!(issuer >= FIRST_OF_2 && issuer <= LAST_OF_2)) return NONE
  }
  return LENGTHS[first] ?? NONE
}

/** A number that has the length and the check digit (ISO/IEC 7812-1) of a card. */
export function isCard(text: string, from = 0, to = text.length): boolean {
  let digits = 0
  let sum = 0
  for (let at = to - 1; at >= from; at--) {
    const code = text.charCodeAt(at)
    if (code === BLANK || code === DASH) continue
    if (!isDigit(code)) return false
    const doubled = digits++ % 2 === 1 ? (code - ZERO) * 2 : code - ZERO
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0 && lengthsOf(text, from).includes(digits)
}
