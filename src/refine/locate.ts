/** Where an address is, by databases of MaxMind's format. Looked up before the address is shortened. */
import { isIP } from 'node:net'
import { remembering } from './remembering.ts'

export interface Place {
  readonly country?: string
  readonly city?: string
}

/** Undefined for what is no address, is unknown, or while no database is loaded. Never throws. */
export type Locate = (address: string) => Place | undefined

export interface Places {
  readonly locate: Locate
  /** Throws for what is no database; then those before stay. */
  load(databases: readonly Buffer[]): Promise<void>
}

const MAX_ADDRESS_CHARS = 64
const MAPPED = /^::ffff:(?=\d+\.)/i
const NOWHERE: Place = Object.freeze({})

export function createPlaces(): Places {
  let known: ((address: string) => Place) | undefined
  return {
    locate(address) {
      const place = known && address.length <= MAX_ADDRESS_CHARS ? known(address) : undefined
      return place === NOWHERE ? undefined : place
    },
    async load(databases) {
      // Only who has a database pays for its reader.
      const { Reader } = await import('mmdb-lib')
      const readers = databases.map((database) => new Reader(database))
      known = remembering(
        (address) => find(readers, address.replace(MAPPED, '')),
        () => true,
      )
    },
  }
}

interface Lookup {
  readonly metadata: { readonly ipVersion: number }
  get(address: string): unknown
}

/** In the first database that knows it: some come in two files, one for each version of the protocol. */
function find(readers: readonly Lookup[], address: string): Place {
  const version = isIP(address)
  if (version === 0) return NOWHERE
  for (const reader of readers) {
    if (version > reader.metadata.ipVersion) continue
    const place = toPlace(lookUp(reader, address))
    if (place) return place
  }
  return NOWHERE
}

/** A file that was cut short is found out here and there only. */
function lookUp(reader: Lookup, address: string): unknown {
  try {
    return reader.get(address)
  } catch {
    return undefined
  }
}

/** MaxMind's and DB-IP's own records are nested and in many languages; those made from lists are flat. */
function toPlace(record: unknown): Place | undefined {
  const { country, registered_country, country_code, city } = Object(record)
  const code: unknown = country?.iso_code ?? registered_country?.iso_code ?? country_code
  const name: unknown = city?.names?.en ?? city
  const place = { ...(isName(code) && { country: code }), ...(isName(name) && { city: name }) }
  return place.country || place.city ? place : undefined
}

const isName = (value: unknown): value is string => typeof value === 'string' && value !== ''
