/** What a search through 40,000 texts found to take redaction longest. */

/** Of single building blocks, of two and of three, and of those that were made of the slowest: over and over. */
export const WORST_TEXTS = [
  ...['a%3Db&', 'a=%3D&', '%3D', '%253a', '%2541&', '%252541', '%C3%A9=&', 'ж%2B=>', '+=&', 'pin%3Dx&', '%3Cpin%3Ex '],
  ...['=>%252541Q~/token/YT0lM0QmYT0lMjUzRCY=%2541}A', '2221-=>//YT0lM0QmYT0lMjUzRCY=%2541', 'YT0lM0QmYT0lMjUzRCY= '],
  ...["1.4===\\npin~'x'1gi YT0lM0QmYT0lMjUzRCY=%252541", 'password=true&', 'pin:1,', 'pin=x ', '--pin x ', '<a>b'],
  ...['//a:b@x ', '4111111111111111 ', "key ' in ('", '[["pin","x"],', 'é=', 'cookie: a=b\n'],
]

export const fill = (unit: string, chars: number): string => unit.repeat(Math.ceil(chars / unit.length)).slice(0, chars)
