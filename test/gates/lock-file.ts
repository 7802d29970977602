/** What `package-lock.json` may say: exact packages of the npm registry, by their content. */

export interface LockEntry {
  readonly version?: string
  readonly name?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly optional?: boolean
  readonly devOptional?: boolean
  readonly peer?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>
}

const REGISTRY = 'https://registry.npmjs.org/'
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/
/** A version or a range of them; also one under another name, `npm:name@range`. */
const FROM_REGISTRY = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?[\w\s.*^~<>=|+-]*$/

/** All but the project itself, with their names. */
export const toPackages = ({ packages }: LockFile): (readonly [name: string, entry: LockEntry])[] =>
  Object.entries(packages).flatMap(([place, entry]) =>
    place === '' ? [] : [[entry.name ?? place.slice(place.lastIndexOf('node_modules/') + 13), entry] as const],
  )

export function findForeign(lock: LockFile): string[] {
  const found = toPackages(lock).flatMap(([name, { resolved, integrity = '', link }]) => [
    ...(resolved === undefined || resolved.startsWith(REGISTRY) ? [] : [`${name} is fetched from ${resolved}`]),
    ...(SHA512.test(integrity) ? [] : [`${name} has no sha512 of its content`]),
    ...(link ? [`${name} is a link to a folder`] : []),
  ])
  const asked = Object.entries(lock.packages).flatMap(([place, entry]) =>
    toAsked(entry).flatMap(([name, range]) =>
      FROM_REGISTRY.test(range) ? [] : [`${place || 'package.json'} asks for ${name} from ${range}`],
    ),
  )
  return [...found, ...asked]
}

const toAsked = (entry: LockEntry): (readonly [name: string, range: string])[] =>
  [entry.dependencies, entry.devDependencies, entry.optionalDependencies, entry.peerDependencies].flatMap((list = {}) =>
    Object.entries(list),
  )

/** Who installs Daybook runs no program of anybody by that. */
export const findInstallScripts = (lock: LockFile): string[] =>
  toPackages(lock).flatMap(([name, { hasInstallScript, dev }]) =>
    hasInstallScript && !dev ? [`${name} runs a script when Daybook is installed`] : [],
  )
