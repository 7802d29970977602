/** Names beside their values in text: `{"name":"pin","value":"x"}` and `[["pin","x"]]`, also escaped. */
import { REDACTED } from './marker.ts'
import { findValue } from './named-values.ts'
import { isHeaderLike, type KindOf } from './secret-keys.ts'

/** Between a label and its value: quotes, which may be escaped, and blanks. */
const LABELLED =
  /\b(?:name|key|header|field)\\{0,15}["']?\s{0,4}[:=]\s{0,4}\\{0,15}["']([\w.$-]{1,64})\\{0,15}["']\s{0,4},\s{0,4}\\{0,15}["']?values?\\{0,15}["']?\s{0,4}[:=]\s{0,4}/g
const PAIR = /[[,]\s{0,8}\[\s{0,8}\\{0,15}["']([\w.$-]{1,64})\\{0,15}["']\s{0,4},\s{0,4}(?=\\{0,15}["'])/g

/** A list of raw headers: `["Host","x","Cookie","y"]` */
const HEADER = /[[,]\s{0,8}\\{0,15}["']([\w-]{1,64})\\{0,15}["'](?=\s{0,4},\s{0,4}\\{0,15}["'])/g

export function createBesideRedactor(kindOf: KindOf): (text: string, mayHoldLists: boolean) => string {
  const isSecret = (name: string): boolean => kindOf(name) !== 'plain'
  const isSecretHeader = (name: string): boolean => isHeaderLike(name) && isSecret(name)
  const redact = (text: string, pattern: RegExp, isNamed = isSecret): string => {
    const walk = { text, unclosed: 0, from: 0, to: 0 }
    let out = ''
    let copied = 0
    for (const match of text.matchAll(pattern)) {
      if (match.index < copied || !isNamed(match[1] ?? '')) continue
      const end = match.index + match[0].length
      findValue(walk, pattern === HEADER ? text.indexOf(',', end) + 1 : end)
      out += text.slice(copied, walk.from) + REDACTED
      copied = walk.to
    }
    return copied === 0 ? text : out + text.slice(copied)
  }
  return (text, mayHoldLists) => {
    const labelled = text.includes('value') ? redact(text, LABELLED) : text
    return mayHoldLists ? redact(redact(labelled, PAIR), HEADER, isSecretHeader) : labelled
  }
}
