/** How values of some types are read, by their oids. */
import { parseJson } from '../event/json.ts'

/** json, jsonb. */
export const JSON_PARSERS = Object.fromEntries([114, 3802].map((oid) => [oid, parseJson]))

const asText = (text: string): string => text
/** For PGlite: date, timestamp, timestamptz, interval as text, like on a server; a Date would cut the microseconds. */
export const PARSERS = { ...JSON_PARSERS, ...Object.fromEntries([1082, 1114, 1184, 1186].map((oid) => [oid, asText])) }
