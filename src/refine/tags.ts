/** Secrets between tags: `<wsse:Password Type="x">secret` */
import { codeAt, isIn, toTable } from './chars.ts'
import { REDACTED } from './marker.ts'
import type { KindInText } from './secret-keys.ts'

/** A tag with text behind it. */
const OPENED = /<(?:[\w-]{1,32}:)?[\w.-]{1,64}(?:\s[^<>]{0,256})?>(?=[^<>\s])/y
const IN_NAME = toTable(/[\w.-]/)
const COLON = 58

export function createTagRedactor(kindOf: KindInText): (text: string) => string {
  return (text) => {
    let out = ''
    let copied = 0
    for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
      if (!isIn(IN_NAME, codeAt(text, at + 1))) continue
      OPENED.lastIndex = at
      if (!OPENED.test(text) || isPlain(text, at + 1)) continue
      out += text.slice(copied, OPENED.lastIndex) + REDACTED
      const next = text.indexOf('<', OPENED.lastIndex)
      if (next < 0) return out
      copied = next
    }
    return copied === 0 ? text : out + text.slice(copied)
  }

  function isPlain(text: string, at: number): boolean {
    const word = endOfName(text, at)
    const hasPrefix = codeAt(text, word) === COLON
    return kindOf.at(text, hasPrefix ? word + 1 : at, hasPrefix ? endOfName(text, word + 1) : word) === 'plain'
  }
}

function endOfName(text: string, from: number): number {
  let at = from
  while (isIn(IN_NAME, codeAt(text, at))) at++
  return at
}
