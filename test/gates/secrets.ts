/** Secrets in what is tracked, by the shapes that Daybook itself redacts. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KEYS } from '../../src/refine/vendor-keys.ts'

const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/
const URL_PASSWORD = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'`]{1,64}:[^\s/:@"'`]{3,64}@[^\s/:"'`]{1,64}/

const SECRET = new RegExp(
  [...KEYS, PRIVATE_KEY, URL_PASSWORD].map(({ source }) => `(?<![A-Za-z0-9])(?:${source})`).join('|'),
  'g',
)

/** Made up for tests and pages, each by its text. A test that needs one more puts it together from its parts. */
const MADE_UP = [
  'postgres://user:password@localhost',
  'postgres://user:password@host',
  'postgres://user:password@replica',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as it is in the code, where the password is made at random
  'postgres://postgres:${PASSWORD}@127.0.0.1',
  'postgres://app:open-sesame@localhost',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
  'mysql://app:${secret}@db',
  'postgres://nobody:nothing@127.0.0.1',
  'dbk_0123456789abcdef_no-such-key',
  'dbk_not_a_key_of_this_log',
  // The first line alone, in texts that look like secrets.
  '-----BEGIN PRIVATE KEY-----',
]

/** Texts of so many characters of each finding are told: enough to find it, and not to use it. */
const SHOWN_CHARS = 8

export const findSecrets = (file: string, text: string): string[] =>
  [...text.matchAll(SECRET)].flatMap(({ 0: found, index }) => {
    if (MADE_UP.includes(found)) return []
    const line = text.slice(0, index).split('\n').length
    return [`${file}:${line} has what looks like a secret: ${found.slice(0, SHOWN_CHARS)}…`]
  })

/** Looks through every file that git knows; those that are no text have none. */
export function findTrackedSecrets(root: string): { readonly files: number; readonly problems: string[] } {
  // Also where the clone belongs to another account, as in a container.
  const asked = ['-c', 'safe.directory=*', 'ls-files', '-z']
  const names = execFileSync('git', asked, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
  const problems = names.flatMap((name) => {
    const bytes = readIfThere(join(root, name))
    return bytes.includes(0) ? [] : findSecrets(name, bytes.toString('utf8'))
  })
  return { files: names.length, problems }
}

/** What was deleted and not yet committed is tracked still. */
function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch {
    return Buffer.alloc(0)
  }
}
