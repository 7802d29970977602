/**
 * Tells most plain names from those that may be secret, where they are in a text: a secret one has the first letters of
 * one of the words in it. So nothing is taken out of the text for the others, nor remembered.
 */
import { isAlnum } from './chars.ts'

/** So many letters in a row are looked for. */
const LETTERS = 3
/** Letters and digits as five bits; some digits look like letters, which costs a question more. */
const BITS = 5
const MASK = (1 << (BITS * LETTERS)) - 1

/** Behind a character and what was before it; `MAY_BE_SECRET` where the first letters of a word are complete. */
export type NameFilter = (last: number, code: number) => number
export const MAY_BE_SECRET = -1

/** `words` in lower-case letters and digits, as names are compared. */
export function createNameFilter(words: readonly string[]): NameFilter {
  const known = new Uint8Array(MASK + 1)
  for (const word of words) {
    const codes = [...word.slice(0, LETTERS)].map((char) => char.charCodeAt(0))
    // Short ones, and those in other letters, are told by nobody but the rules themselves.
    if (codes.length < LETTERS || !codes.every(isAlnum)) return () => MAY_BE_SECRET
    known[codes.reduce(next, 0)] = 1
  }
  return (last, code) => {
    if (code > 127) return MAY_BE_SECRET
    if (!isAlnum(code)) return last
    const letters = next(last, code)
    return known[letters] === 1 ? MAY_BE_SECRET : letters
  }
}

const next = (last: number, code: number): number => ((last << BITS) | (code & 31)) & MASK
