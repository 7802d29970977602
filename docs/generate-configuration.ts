/** docs/configuration.md: each setting with its variable, what it takes, and what its doc comment says. */
import { ASKING_SETTINGS, REQUEST_SETTINGS, SERVE_SETTINGS, SETTINGS } from '../src/config/settings.ts'

interface Described {
  readonly env?: string
  readonly expects: string
}

/** Chapters, in the order of `Options`; each begins with the option named. What is new and named by none joins its neighbour. */
const CHAPTERS: Readonly<Record<string, string>> = {
  configFile: 'A file of settings',
  database: 'Where events are kept',
  service: 'Who speaks',
  retentionEventsDays: 'How long',
  durability: 'Files and disk',
  actor: 'Who made a request, and who may read',
  redactKeys: 'Redaction and privacy',
  minSeverity: 'What is kept',
  captureUncaught: 'The process itself',
  forwardUrl: 'Sending events on',
  errorReports: 'Front ends',
  eventTypes: 'Types of your own',
  otlpKeyless: 'OpenTelemetry and streams',
  onNotice: 'Notices',
}

export function toConfigurationPage(source: string): string {
  const docs = { ...toDocs(source, 'RequestOptions'), ...toDocs(source, 'Options'), ...toDocs(source, 'ServeOptions') }
  const general = Object.keys(toDocs(source, 'Options'))
  const missing = Object.keys({ ...SETTINGS, ...SERVE_SETTINGS }).filter((name) => !docs[name])
  if (missing.length > 0) throw new Error(`The options say nothing of ${missing.join(', ')}.`)
  const table = (names: readonly string[], settings: Readonly<Record<string, Described>>): string =>
    [
      '| option | variable | takes | |',
      '|---|---|---|---|',
      ...names.map((name) => toRow(name, settings[name], docs[name])),
    ].join('\n')
  const chapters = Object.entries(CHAPTERS).map(([first, title], at) => {
    const next = Object.keys(CHAPTERS)[at + 1]
    const names = general.slice(general.indexOf(first), next === undefined ? undefined : general.indexOf(next))
    return `## ${title}\n\n${table(names, SETTINGS)}`
  })
  return `# Configuration

Written by \`npm run generate\` from \`src/config\`.

Each option is given to \`eventLogging({ … })\`, or by its variable where it has one, or in [a file](configuration-file.md) where it
is plain data: code goes before the environment, and that before the file. An empty variable is as none. Every start checks all
of them, and one message names everything that is wrong: a value, an option that does not exist, a variable that begins with
\`DAYBOOK_\` and is none of these. \`daybook doctor\` checks the same without a start.

${chapters.join('\n\n')}

## Requests

${table(Object.keys(REQUEST_SETTINGS), REQUEST_SETTINGS)}

## \`daybook serve\`

${table(Object.keys(SERVE_SETTINGS), SERVE_SETTINGS)}

## Commands that ask a Daybook

| flag | variable | takes |
|---|---|---|
${Object.entries<Described>(ASKING_SETTINGS)
  .map(([name, { env, expects }]) => `| \`--${name}\` | \`${env}\` | ${expects} |`)
  .join('\n')}

## What \`actor\` gives

${toMembers(source, 'ActorFields')}

## What \`authenticate\` gives

${toMembers(source, 'Identified')}
`
}

function toRow(name: string, setting: Described | undefined, doc = ''): string {
  if (!setting) throw new Error(`src/config/settings.ts does not check ${name}.`)
  return `| \`${name}\` | ${setting.env ? `\`${setting.env}\`` : ''} | ${toText(setting.expects)} | ${toText(doc)} |`
}

const toText = (text: string): string => text.replaceAll('|', '\\|')

const toMembers = (source: string, name: string): string =>
  [
    '| member | type | |',
    '|---|---|---|',
    ...membersOf(source, name).map(
      ({ name, type, doc, isOptional }) =>
        `| \`${name}\`${isOptional ? '' : ' (required)'} | \`${toText(type)}\` | ${toText(doc)} |`,
    ),
  ].join('\n')

export const toDocs = (source: string, name: string): Record<string, string> =>
  Object.fromEntries(membersOf(source, name).map(({ name, doc }) => [name, doc]))

interface Member {
  readonly name: string
  readonly type: string
  readonly doc: string
  readonly isOptional: boolean
}

/** Members of an interface that stands in the source as the formatter leaves it: one a line, its comment above. */
function membersOf(source: string, name: string): Member[] {
  const body = new RegExp(`export interface ${name}(?: extends [^{]+)? \\{\\n(.*?)\\n\\}`, 's').exec(source)?.[1]
  if (body === undefined) throw new Error(`Nothing that was read has an interface ${name}.`)
  const members = /(?:\/\*\*((?:(?!\*\/).)*)\*\/\s*)?^ {2}readonly (\w+)(\??): ([^\n]+)$/gms
  return [...body.matchAll(members)].map(([, doc = '', member = '', optional, type = '']) => ({
    name: member,
    type,
    doc: doc.replaceAll(/\s*\n\s*\*\s?/g, ' ').trim(),
    isOptional: optional === '?',
  }))
}
