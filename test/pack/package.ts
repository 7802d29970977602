/** Packs the repository as it would be published, and installs that elsewhere. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { oncePerRun } from '../kit/once-per-run.ts'

const run = promisify(execFile)
const ROOT = process.cwd()

export interface Packed {
  readonly tarball: string
  /** Paths in the package. */
  readonly files: readonly string[]
  /** Folder in which it was built. */
  readonly builtIn: string
}

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string | { readonly default: string; readonly types: string }>>
  readonly bin: Readonly<Record<string, string>>
}

export const MANIFEST: Manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** `name@version` as this repository pins it. */
export function toPinned(name: string): string {
  const version = MANIFEST.dependencies[name] ?? MANIFEST.devDependencies[name]
  if (version === undefined) throw new Error(`${name} is not among the dependencies in package.json.`)
  return `${name}@${version}`
}

const LEFT_OUT = /^(node_modules|dist|coverage|\.git|\.daybook)(\/|$)/
const isPart = (path: string): boolean => !LEFT_OUT.test(relative(ROOT, path).replaceAll('\\', '/'))

/** The package of the sources as they are, built once per run. */
export async function packOnce(): Promise<Packed> {
  const folder = await oncePerRun('package', packCopy)
  const packed = JSON.parse(readFileSync(join(folder, 'packed.json'), 'utf8'))
  return { ...packed, tarball: join(folder, TARBALL) }
}

const TARBALL = 'daybook.tgz'

/** Of a copy: the build empties `dist`, which other tests may be using. */
async function packCopy(folder: string): Promise<void> {
  const copy = join(folder, 'copy')
  cpSync(ROOT, copy, { recursive: true, filter: isPart })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction')
  // Apart from `npm pack`, as both write to stdout.
  await npm(copy, ['run', 'prepack'])
  const out = await npm(copy, ['pack', '--json', '--ignore-scripts', '--pack-destination', folder])
  const [{ filename, files }] = JSON.parse(out)
  renameSync(join(folder, filename), join(folder, TARBALL))
  rmSync(copy, { recursive: true })
  const packed: Omit<Packed, 'tarball'> = { files: files.map(({ path }: { path: string }) => path), builtIn: copy }
  writeFileSync(join(folder, 'packed.json'), JSON.stringify(packed))
}

/** Makes a host's project in the folder: our sample files, and the packages in its `node_modules`. */
export async function installHost(folder: string, packages: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true })
  cpSync(join(ROOT, 'test/pack/host'), folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'host', version: '1.0.0', private: true }))
  await npm(folder, ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages])
}

/** Runs npm as a person would: without what Jest and the npm that runs it say to their children. */
async function npm(cwd: string, args: readonly string[]): Promise<string> {
  const isOurs = ([name]: [string, string | undefined]) =>
    /^(NODE_ENV$|JEST_|npm_(package|lifecycle|command|execpath))/.test(name)
  const env = Object.fromEntries(Object.entries(process.env).filter((entry) => !isOurs(entry)))
  const { stdout } = await run('npm', [...args], { cwd, env, maxBuffer: 50_000_000 })
  return stdout
}

/** Runs Node in the host's folder until it ends by itself; gives what it printed. */
export async function runHost(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { cwd: folder, env: { ...process.env, ...env }, timeout: 300_000 }
  const { stdout } = await run(process.execPath, [...args], options)
  return stdout
}
