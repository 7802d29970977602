/**
 * Secrets in text, by their shape or by the name before them. Each pattern runs in linear time: no nested repeats,
 * and every repeat that another can follow is bounded.
 */

/** Always this one, whatever it stands for, so that it tells nothing of the secret's length. */
export const REDACTED = '[REDACTED]'

/** Text without any of these has no secret that we know, and most text is done here. */
const SUSPICIOUS =
  /[=:@]|bearer|basic|eyJ|AKIA|ASIA|gh[pousr]_|github_pat|glpat-|sk[-_]|[rp]k_|xox|AIza|npm_|dbk_|\d[ -]?\d{3}/i

const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
  /\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bglpat-[\w-]{16,}/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\b(?:sk|rk|pk)_(?:live|test)_\w{10,}/g,
  /\bxox[abeoprs]-[\w-]{10,}/g,
  /\bAIza[\w-]{30,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bdbk_[\w-]{16,}/g,
]

const SCHEME = /\b(bearer|basic)(\s{1,4})([A-Za-z0-9._~+/-]{6,}={0,2})/gi
const USERINFO = /(\/\/)[^\s/@:]{0,256}:[^\s/@]{1,256}@/g
const NAMED =
  /((?:password|passwd|passphrase|passcode|pwd|secret|token|api[-_]?key|authorization|cookie|credential|(?:private|access|signing|encryption|ssh)[-_]?key|connection[-_]?string|\bpass|\bauth|\bpin|\bcvv|\bcvc|\bssn)[\w-]{0,40})(\\?["']?\s{0,4}(?:=>|[=:])\s{0,4})(\\?"[^"]{0,4096}"|'[^']{0,4096}'|[^\s,;&"'}\])]+)/gi
const CARD = /\b[2-6]\d{3}(?:[ -]?\d){9,15}\b/g

/** Builds the redactor of text; `isSecretKey` decides about names found before a `=` or `:`. */
export function createTextRedactor(isSecretKey: (key: string) => boolean): (text: string) => string {
  return (text) => {
    if (!SUSPICIOUS.test(text)) return text
    let out = text
    for (const shape of SHAPES) out = out.replace(shape, REDACTED)
    return out
      .replace(SCHEME, (all, scheme: string, gap: string, credential: string) =>
        scheme.toLowerCase() === 'basic' && !/[\d=A-Z]/.test(credential) ? all : `${scheme}${gap}${REDACTED}`,
      )
      .replace(USERINFO, `$1${REDACTED}@`)
      .replace(NAMED, (all, name: string, sign: string, value: string) =>
        isSecretKey(name) && !/^(?:bearer|basic)$/i.test(value) ? `${name}${sign}${keepQuotes(value)}` : all,
      )
      .replace(CARD, (digits) => (isLuhn(digits) ? REDACTED : digits))
  }
}

/** Puts the marker inside the quotes of a quoted value, so that JSON around it stays JSON. */
function keepQuotes(value: string): string {
  const quote = /^(?:\\?["'])/.exec(value)?.[0]
  return quote && value.length > quote.length ? `${quote}${REDACTED}${quote}` : REDACTED
}

/** Check digit of card numbers (ISO/IEC 7812-1). */
export function isLuhn(text: string): boolean {
  const digits = text.replace(/\D/g, '')
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return digits.length >= 13 && digits.length <= 19 && sum % 10 === 0
}
