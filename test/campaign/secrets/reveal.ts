/** Whoever wants a secret reads what is written in every way: as it stands, without its escapes, decoded. */

/** A part this long tells too much. */
const WINDOW = 8

/** The parts of the secret itself, without what all of its kind have. */
export function toParts(secret: string): readonly string[] {
  const body = secret
    .replace(
      /^(?:-----BEGIN [A-Z ]*-----\n|(?:Bearer|Basic) |[a-z+]+:\/\/(?:hooks\.slack\.com\/services\/|discord\.com\/api\/webhooks\/)?|AccountKey=|access_token\$production\$|pypi-AgEIcHlwaS5vcmc|AGE-SECRET-KEY-)/,
      '',
    )
    .replace(/(?:\n-----END [A-Z ]*-----|@[\w.:/]+)$/, '')
    .replace(/^eyJ[\w-]*\./, '')
  const size = Math.min(WINDOW, body.length)
  return Array.from({ length: body.length - size + 1 }, (_, at) => body.slice(at, at + size))
}

const unescaped = (text: string): string =>
  text
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\n/g, '\n')
    .replace(/\\(["'\\/])/g, '$1')

const decode = (text: string): string =>
  text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString())

/** Wherever in a run of its digits it begins. */
const fromBase64 = (text: string): string =>
  [...text.matchAll(/[\w+/-]{12,}/g)]
    .flatMap(([run]) => [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64').toString()))
    .join('\n')

/** The text in all forms in which it can be read. */
export function toReadings(text: string): readonly string[] {
  const readings = new Set([text])
  for (let round = 0; round < 3; round++)
    for (const known of [...readings]) for (const read of [unescaped, decode, fromBase64]) readings.add(read(known))
  return [...readings]
}

export function isLeaked(secret: string, text: string): boolean {
  const parts = toParts(secret)
  return toReadings(text).some((reading) => parts.some((part) => reading.includes(part)))
}
