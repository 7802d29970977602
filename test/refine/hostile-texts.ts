/** Texts that make patterns work, and the patterns as they are written. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What makes patterns start and not end: the beginnings of secrets, signs, quotes, blanks. */
const UNITS = [
  ...['a', 'A', '1', '_', '-', ' ', '\t', '\n', '.', ',', ';', '&', '=', ':', '"', "'", '\\', '/', '<', '>', '[', '{'],
  ...[
    '%',
    '%25',
    '%3D',
    '%22',
    '%5B',
    '@',
    '🙂',
    'é',
    '\u00a0',
    'aA',
    'a-',
    'a.',
    'a=',
    'a:',
    ',a',
    '&a=',
    '[0]',
    '0:',
  ],
  ...['eyJ', 'eyJ.', 'AKIA', 'ghp_', 'github_pat_', 'glpat-', 'sk-', 'sk_live_', 'SG.', 'SG.aaaaaaaaaaaaaaaaaaaa.'],
  ...['xoxb-', 'AIza', 'ya29.', 'npm_', 'hooks.slack.com/services/', 'T/', '12345678:AA', 'discord.com/api/webhooks/1'],
  ...['-----BEGIN ', '-----BEGIN PRIVATE KEY-----', '-----BEGIN RSA ', '-----END ', 'bearer ', 'Basic ', 'basic a'],
  ...[
    '//',
    '//a:',
    '//a:a@',
    '//a',
    '://u:p',
    '4111 ',
    '4111-',
    '41',
    '1.4',
    '/token/',
    '/token/aaaaaaaaaaaaaaaaaaaaa.',
  ],
  ...[
    'password=',
    'password="',
    "password='a",
    'password=\\"',
    'token: [',
    'token={',
    'token=,a',
    'pin=[\n',
    'pin={"\n',
    '"name":"pin","value":[\n',
    'cookie: ',
    'cookie: "',
  ],
  ...[
    '--a ',
    '--',
    'password "',
    "password '\\",
    "password ''",
    'identified by ',
    '<a ',
    '<password>',
    '<a:a a',
    '</a>',
  ],
  ...['at a (', 'at a/', ':1', ':1:1', '0x', 'abcdef-', '::', 'ffff:', '1.', '00-', '2026-11-21T', 'crc":"', '\u0000'],
]

const fill = (unit: string, chars: number): string => unit.repeat(Math.ceil(chars / unit.length)).slice(0, chars)

/** Hostile texts of a size: one unit over and over, before and after a long word, and units mixed. */
export function* hostileTexts(chars: number): Generator<[string, string]> {
  for (const unit of UNITS) {
    yield [`${unit} over and over`, fill(unit, chars)]
    yield [`${unit} before a long word`, fill(unit, 64) + fill('a', chars - 64)]
    yield [`a long word before ${unit}`, fill('a', chars - 64) + fill(unit, 64)]
  }
  let state = 7
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  for (let i = 0; i < 40; i++) {
    const few = Array.from({ length: 2 + (i % 4) }, () => UNITS[next(UNITS.length)] ?? '')
    const some = Array.from({ length: 512 }, () => few[next(few.length)]).join('')
    yield [`a mix of ${JSON.stringify(few)}`, fill(some, chars)]
  }
}

const LITERAL =
  /(?<=[(=,:?!&|[\s])\/(?![*/\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[dgimsuvy]*(?=[\s,.;)\]}]|$)/gm

/** Every pattern of these rooms, as it is written. */
export function patternsOf(room: string): RegExp[] {
  const folder = join('src', room)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  return files.flatMap((file) => {
    const code = readFileSync(join(folder, file), 'utf8').replace(/^\s*(?:\/?\*.*|\/\/.*)$/gm, '')
    return [...code.matchAll(LITERAL)].map(([literal]) => {
      const end = literal.lastIndexOf('/')
      return new RegExp(literal.slice(1, end), literal.slice(end + 1))
    })
  })
}
