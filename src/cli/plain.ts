/** An event may hold what moves a terminal's cursor, turns text round, or is not seen at all: of these a blank is shown. */
export const toPlain = (text: string): string => text.replaceAll(UNSEEN, ' ')

/** Without the joiners of emoji. The last ones are copies of ASCII that nobody sees. */
const UNSEEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]+/gu
