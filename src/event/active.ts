/**
 * Characters that do something where text is shown: a terminal obeys them, they turn the text around them, a reader ends
 * a line at them, or nobody sees them but a model. JSON leaves all but the first 32 as they are.
 */
const ACTIVE = /[\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu

const toEscape = (char: string): string =>
  char
    .split('')
    .map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

/** JSON that means the same and has none of them. */
export const escapeActive = (json: string): string => json.replace(ACTIVE, toEscape)
