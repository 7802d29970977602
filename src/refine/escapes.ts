/** A pair of a backslash and what it escapes; an escaped backslash escapes nothing after it. */
const ESCAPE = /\\(?:u00([2-7][0-9a-f])|[\s\S])/gi

/**
 * JSON with its letters, digits and signs in the open: `"\u0070assword"` is a name like any other. What JSON needs
 * escaped stays as it is.
 */
export const decodeEscapes = (text: string): string =>
  text.includes('\\u00') ? text.replace(ESCAPE, (pair, hex?: string) => toPlain(hex) ?? pair) : text

/** The same of JSON in JSON in text, whose backslashes are escaped themselves. */
export const decodeAllEscapes = (text: string): string =>
  text.includes('\\u00') ? text.replace(ANY_ESCAPE, (all, hex: string) => toPlain(hex) ?? all) : text

const ANY_ESCAPE = /(?<!\\)\\{1,15}u00([2-7][0-9a-f])/gi

function toPlain(hex: string | undefined): string | undefined {
  const char = hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16))
  return /^[^"\\\x7f]$/.test(char) ? char : undefined
}
