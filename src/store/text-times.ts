const asText = (text: string): string => text
/** date, timestamp, timestamptz, interval: as text, like on a server; a Date would cut the microseconds. */
export const TEXT_TIMES = Object.fromEntries([1082, 1114, 1184, 1186].map((oid) => [oid, asText]))
