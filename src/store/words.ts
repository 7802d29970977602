/**
 * Search for words without an index: one on all texts would make storing twenty times slower. A row is first looked
 * through for the letters, which is quick, and taken for what it says only then.
 */
import { Fault } from '../event/fault.ts'
import type { Where } from './scope.ts'

const MAX_TERMS = 10
/** A tsvector holds a megabyte; and who searches for words does not mean the end of a long document. */
const MAX_CHARS = 100_000

/** All that is searched, as SQL. */
export interface Words {
  /** One text of words. Marks between words are blanks, so that `orders` is found in `/orders/42`. */
  readonly text: string
  /** As it is stored: a fifth of the time, and no word has letters that are not in here. */
  readonly letters: string
}

export const toWords = (columns: readonly Column[]): Words => ({
  text: toText(columns),
  letters: `concat_ws(' ', ${columns.map(({ name }) => name).join(', ')})`,
})

interface Column {
  readonly name: string
  readonly isJson: boolean
}

/** What jsonb writes of characters that stand between words. */
const ESCAPES = ['\\\\', '\\n', '\\t', '\\r', '\\f', '\\b', '\\u000b']

/** Other marks between words. */
const MARKS = '/._@:=#{}[]()<>"\\,;|&?!*+%$~-'

/** The same, whatever `standard_conforming_strings` is at the server, or of the connections of a host. */
const toLiteral = (text: string): string => `e'${text.replaceAll('\\', '\\\\')}'`

function toText(columns: readonly Column[]): string {
  const texts = columns.map(({ name, isJson }) => {
    const text = isJson
      ? ESCAPES.reduce((sql, mark) => `replace(${sql}, ${toLiteral(mark)}, ' ')`, `${name}::text`)
      : name
    return `left(coalesce(${text}, ''), ${MAX_CHARS})`
  })
  return `translate(${texts.join(` || ' ' || `)}, ${toLiteral(MARKS)}, repeat(' ', 40))`
}

interface Term {
  readonly words: readonly string[]
  readonly isWanted: boolean
}

/** Words, `"several in a row"` and `-unwanted` ones. */
function toTerms(q: string): readonly Term[] {
  const terms = [...q.matchAll(/(-?)(?:"([^"]*)"?|([^\s"]+))/g)].map(([, minus, quoted, plain]) => ({
    words: (quoted ?? plain ?? '').match(/[\p{L}\p{N}\p{M}]+/gu) ?? [],
    isWanted: minus === '',
  }))
  return terms.filter(({ words }) => words.length > 0)
}

/** Throws Fault `invalid_request` for a text without a word to look for. */
export function andWords(where: Where, { text, letters }: Words, q: string): Where {
  const terms = toTerms(q)
  if (!terms.some(({ isWanted }) => isWanted)) throw new Fault('invalid_request', 'q: it needs a word to look for.')
  if (terms.length > MAX_TERMS) throw new Fault('invalid_request', `q: it takes at most ${MAX_TERMS} words.`)
  const parameters = [...where.parameters]
  const bind = (value: string): string => `$${parameters.push(value)}::text`
  const wanted = terms.flatMap(({ isWanted, words }) => (isWanted ? words : [])).map((word) => bind(`%${word}%`))
  const asked = terms.map(
    ({ isWanted, words }) => `${isWanted ? '' : '!!'}phraseto_tsquery('simple', ${bind(words.join(' '))})`,
  )
  return {
    text: `${letters} ilike all (array[${wanted.join(', ')}])
      and to_tsvector('simple', ${text}) @@ (${asked.join(' && ')})`,
    parameters,
  }
}
