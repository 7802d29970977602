/** Whether digits of Base64 are those of a text, and up to where. */

/** So many digits in a row are looked at. */
export const MIN_BASE64_CHARS = 16

const NO_TEXT = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]/

/** From where on it is no text. */
export const NO_TEXT_ON = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd][\s\S]*$/

/** Where the Base64 of a text that begins there ends, at a slash or at the end of the run; `at` where none begins. */
export function endOfText(run: string, at: number): number {
  if (run.length - at < MIN_BASE64_CHARS || beginsWithNoText(run.slice(at, at + LOOK_CHARS))) return at
  // A little, and more while it is text: what is no text from the beginning costs little, however long the run is.
  for (let chars = FIRST_CHARS; ; chars *= 2) {
    const isWhole = at + chars >= run.length
    const text = Buffer.from(run.slice(at, at + chars), 'base64').toString()
    const stop = text.search(NO_TEXT)
    // The last character may have been cut.
    if (stop >= 0 && (isWhole || stop < text.length - 3)) {
      const digits = at + Math.floor((Buffer.byteLength(text.slice(0, stop)) * 4) / 3)
      const end = run.indexOf('/', digits)
      return end < 0 ? run.length : end
    }
    if (isWhole) return run.length
  }
}

/** What is looked at first. A multiple of four. */
export const FIRST_CHARS = 64

/** The text that it encodes; undefined where it encodes none. */
export function fromBase64(run: string): string | undefined {
  if (beginsWithNoText(run)) return undefined
  const text = Buffer.from(run, 'base64').toString()
  return NO_TEXT.test(text) ? undefined : text
}

/** Nearly all that is no Base64 of a text shows it in its first bytes. */
const LOOK_CHARS = 16
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = Uint8Array.from({ length: 128 }, (_, code) =>
  Math.max(0, DIGITS.indexOf(String.fromCharCode(code).replace('-', '+').replace('_', '/'))),
)
const valueAt = (run: string, at: number): number => VALUES[run.charCodeAt(at)] ?? 0

/** Without making a buffer: most long words are asked. Control characters, and bytes that no UTF-8 has there. */
function beginsWithNoText(run: string): boolean {
  let awaited = 0
  for (let i = 0; i < LOOK_CHARS; i += 4) {
    const high = (valueAt(run, i) << 6) | valueAt(run, i + 1)
    const bytes = (high << 12) | (valueAt(run, i + 2) << 6) | valueAt(run, i + 3)
    for (let shift = 16; shift >= 0; shift -= 8) {
      awaited = after((bytes >> shift) & 255, awaited)
      if (awaited < 0) return true
    }
  }
  return false
}

/** How many bytes of the same character follow; negative where the byte can't be there. */
function after(byte: number, awaited: number): number {
  if (awaited > 0) return byte >> 6 === 2 ? awaited - 1 : -1
  if (byte < 128) return isControl(byte) ? -1 : 0
  return byte < 0xc2 ? -1 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : byte < 0xf5 ? 3 : -1
}

const isControl = (byte: number): boolean => (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127
