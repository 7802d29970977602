/** Secrets in text, by their shape or by the name before them. */
import { createBesideRedactor } from './beside.ts'
import { createEncodedRedactor } from './encoded.ts'
import { decodeAllEscapes } from './escapes.ts'
import { createNamedRedactor } from './named-secrets.ts'
import type { OwnRedactor } from './own-rules.ts'
import { remembering } from './remembering.ts'
import type { KindInText } from './secret-keys.ts'
import { createShapeRedactor } from './secret-shapes.ts'
import { BRACKET, FLAG, ODD, PAREN, QUOTE, SIGN, type Signs, SUSPICIOUS, signsOf, TAG } from './signs.ts'
import { createSqlRedactor } from './sql.ts'
import { createTagRedactor } from './tags.ts'

export interface RedactText {
  /** `signs`, where they are known, are those of the text. */
  (text: string, signs?: Signs): string
  /** Whether a text with these signs may be kept as it is; false where that takes a closer look. */
  readonly isPlain: (text: string, signs: Signs) => boolean
}

/** Builds the redactor of text; `kindOf` decides about the names found in it, and `own` has the last word. */
export function createTextRedactor(kindOf: KindInText, own?: OwnRedactor): RedactText {
  const redactShapes = createShapeRedactor(kindOf)
  const redactNamed = createNamedRedactor(kindOf)
  const redactTags = createTagRedactor(kindOf)
  const redactBeside = createBesideRedactor(kindOf)
  const redactSql = createSqlRedactor(kindOf)
  const redactPlain = unescaping((text, signs) => {
    let out = redactShapes(text, signs)
    if (signs & TAG) out = redactTags(out)
    if (signs & QUOTE) out = redactBeside(out, (signs & BRACKET) !== 0)
    if (signs & (QUOTE | PAREN)) out = redactSql(out)
    return signs & (SIGN | FLAG) ? redactNamed(out, (signs & FLAG) !== 0) : out
  })
  const redactBuiltIn = unescaping(createEncodedRedactor(kindOf, redactPlain, own?.redact))
  const redact: Redact = own ? (text, signs) => own.redact(redactBuiltIn(text, signs)) : redactBuiltIn
  // What is suspicious and harmless comes again with each request: headers, queries, media types.
  const redactKnown = remembering(
    (text) => redact(text, signsOf(text)),
    (text, redacted) => redacted === text && text.length <= MAX_KEPT_CHARS,
  )
  const byPatterns = (text: string, signs = signsOf(text)): string => {
    if ((signs & SUSPICIOUS) === 0) return own ? own.redact(text) : text
    return text.length <= MAX_KEPT_CHARS ? redactKnown(text) : redact(text, signs)
  }
  const isPlain: RedactText['isPlain'] = (text, signs) =>
    (signs & (SUSPICIOUS | ODD)) === 0 && (own === undefined || own.isPlain(text, signs))
  const change = own?.change
  const all = change ? (text: string, signs?: Signs) => change(byPatterns(text, signs)) : byPatterns
  return Object.assign(all, { isPlain })
}

/** No secret stays in memory, only what has none. */
const MAX_KEPT_CHARS = 256

type Redact = (text: string, signs: Signs) => string

/** Text without a secret stays as it is written. */
function unescaping(redact: Redact): Redact {
  return (text, signs) => {
    const plain = decodeAllEscapes(text)
    const redacted = redact(plain, plain === text ? signs : signsOf(plain))
    return redacted === plain ? text : redacted
  }
}
