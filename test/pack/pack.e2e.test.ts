/** The package as a host gets it: packed, installed in an empty folder, run from ESM and from CommonJS. */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, jest, test } from '@jest/globals'
import { createTestDatabase } from '../kit/database.ts'
import { createTestFolder } from '../kit/folder.ts'
import { installHost, MANIFEST, type Packed, packOnce, runHost, toPinned } from './package.ts'

jest.setTimeout(480_000)

let work: string
let packed: Packed

beforeAll(async () => {
  work = createTestFolder('pack')
  packed = await packOnce()
})

const REQUEST_EVENT = { event_type: 'API_REQUEST', route: '/orders/:id', path: '/orders/7', status_code: 200 }

/** All folders of a package below `node_modules`, also nested ones. */
const copiesOf = (host: string, name: string): string[] =>
  readdirSync(join(host, 'node_modules'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    `/${path.replaceAll('\\', '/')}`.endsWith(`/${name}/package.json`),
  )

describe('the package', () => {
  test.each(['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json', 'openapi/openapi.yaml', 'config.schema.json'])(
    'holds %s',
    (file) => {
      expect(packed.files).toContain(file)
    },
  )

  test.each(['dist/src', 'dist/migrations', 'dist/dashboard', 'dist/react'])('holds %s', (folder) => {
    expect(packed.files.filter((file) => file.startsWith(`${folder}/`))).not.toEqual([])
  })

  test('holds the dashboard with its assets', () => {
    expect(packed.files).toContain('dist/dashboard/index.html')
    expect(packed.files).toContainEqual(expect.stringMatching(/^dist\/dashboard\/assets\/.+\.js$/))
  })

  test('holds nothing else: no tests, no sources, no settings', () => {
    const expected =
      /^(dist\/(src|migrations|dashboard|react|docs)\/|openapi\/openapi\.yaml$|config\.schema\.json$|[A-Z]+(\.md)?$|package\.json$)/
    const known = packed.files.filter((file) => expected.test(file) || /^dist\/mikro-orm\.config\./.test(file))
    expect(packed.files.filter((file) => !known.includes(file))).toEqual([])
    expect(packed.files.filter((file) => /\.test\.|\.tsbuildinfo$|(?<!\.d)\.ts$/.test(file))).toEqual([])
  })

  test('is built by `npm publish`', () => {
    expect(MANIFEST.scripts.prepack).toBe('npm run build')
  })

  test('has each door and the command where package.json says', () => {
    const doors = Object.values(MANIFEST.exports).flatMap((door) =>
      typeof door === 'string' ? door : Object.values(door),
    )
    const places = [...doors, ...Object.values(MANIFEST.bin)].map((path) => path.replace(/^\.\//, ''))
    expect(places.filter((place) => !packed.files.includes(place))).toEqual([])
  })
})

describe('a host with nothing but Express', () => {
  let host: string
  beforeAll(async () => {
    host = join(work, 'host')
    const types = ['@types/express', '@types/node'].map(toPinned)
    await installHost(host, [packed.tarball, toPinned('express'), toPinned('@opentelemetry/api'), ...types])
  })

  test.each(['app.mjs', 'app.cjs'])('reads a request back: %s', async (script) => {
    const { event, page } = JSON.parse(await runHost(host, [script]))
    expect(event).toMatchObject(REQUEST_EVENT)
    expect(page).toEqual({ status: 200, type: expect.stringContaining('text/html') })
  })

  test('can import and require every door without anything being opened or started', async () => {
    const doors = Object.keys(MANIFEST.exports).filter(
      (door) => !/\.(json|yaml|css)$|^\.\/(register|react)$/.test(door),
    )
    const names = doors.map((door) => door.replace('.', 'daybook'))
    const imports = names.map((name) => `await import('${name}'); createRequire(import.meta.url)('${name}')`)
    const look = 'console.log(JSON.stringify(process.getActiveResourcesInfo()))'
    const code = ["import { createRequire } from 'node:module'", ...imports, look].join('\n')
    const open = JSON.parse(await runHost(host, ['--input-type=module', '--eval', code]))
    expect(open.filter((kind: string) => !/^(PipeWrap|TTYWrap|Immediate)$/.test(kind))).toEqual([])
  })

  test('is told what to install for the one door that starts something', async () => {
    const said = await runHost(host, ['--import', 'daybook/register', '--eval', '']).catch(({ stderr }) => stderr)
    expect(said).toMatch(/daybook\/register needs @opentelemetry\/sdk-node: npm install @opentelemetry\/sdk-node /)
  })

  test('has the command `daybook`', async () => {
    expect(await runHost(host, [join('node_modules', '.bin', 'daybook'), '--help'])).toContain('Usage: daybook')
  })

  const compile = async (file: string, ...more: readonly string[]): Promise<string> => {
    cpSync(join(host, `${file}.txt`), join(host, file))
    const tsc = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc')
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node', ...more]
    return runHost(host, [tsc, ...flags, file]).catch(({ stdout }) => stdout)
  }

  test('gets types that compile', async () => {
    expect(await compile('types.mts')).toBe('')
  })

  test('gets the pieces of the page once it has React, with types that compile', async () => {
    const pieces = ['--input-type=module', '--eval', "console.log(Object.keys(await import('daybook/react')).length)"]
    await expect(runHost(host, pieces)).rejects.toMatchObject({ stderr: expect.stringContaining("'react'") })
    mkdirSync(join(host, 'node_modules/@types'), { recursive: true })
    for (const name of ['react', '@types/react', 'csstype'])
      symlinkSync(resolve('node_modules', name), join(host, 'node_modules', name), 'junction')
    expect(await runHost(host, pieces)).toBe('6\n')
    expect(await compile('pieces.tsx', '--jsx', 'react-jsx', '--skipLibCheck', 'false')).toBe('')
  })

  test('gets no path of the machine it was built on', () => {
    const installed = join(host, 'node_modules', 'daybook')
    const telling = packed.files.filter((file) => {
      const text = readFileSync(join(installed, file), 'utf8')
      const isTelling = [packed.builtIn, work, process.cwd()].some((path) => text.includes(path))
      // A path from the folder in which it was built to the packages is one too.
      return isTelling || /"sources":\s*\["(\/|[A-Z]:)|\.\.\/[\w./-]*node_modules\//.test(text)
    })
    expect(telling).toEqual([])
  })
})

describe('a host with an ORM of its own', () => {
  test('shares one copy of @mikro-orm/core with Daybook, and both ORMs work', async () => {
    const host = join(work, 'orm-host')
    const orm = ['@mikro-orm/core', '@mikro-orm/postgresql'].map(toPinned)
    await installHost(host, [packed.tarball, toPinned('express'), toPinned('@opentelemetry/api'), ...orm])
    expect(copiesOf(host, '@mikro-orm/core')).toEqual([join('@mikro-orm', 'core', 'package.json')])
    const { url } = await createTestDatabase('host')
    const { event, orders, events } = JSON.parse(await runHost(host, ['orm.mjs'], { DATABASE_URL: url }))
    expect(event).toMatchObject(REQUEST_EVENT)
    expect({ orders, events }).toEqual({ orders: [7], events: [event.id] })
  })
})
