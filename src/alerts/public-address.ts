/**
 * Addresses to which a webhook may go: those of the public internet. What a name means is looked up once, and the
 * connection is made to the very address that was judged, so that a name can't mean another machine a moment later.
 */
import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** IANA's special-purpose registries: what is not reachable globally. */
const PRIVATE_V4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
]
const GLOBAL_V6 = ['2000::/3']
/** Of the global part of IPv6 these are not. */
const PRIVATE_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

/** Of an address as text. An IPv4 address within an IPv6 one is refused: nobody needs it. */
export function isPublic(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !isIn(PRIVATE_V4, address)
  return version === 6 && isIn(GLOBAL_V6, address) && !isIn(PRIVATE_V6, address)
}

/** Alerts are rare: there is no need to keep the list. */
function isIn(ranges: readonly string[], address: string): boolean {
  const type = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  for (const range of ranges) {
    const [net = '', bits] = range.split('/')
    list.addSubnet(net, Number(bits), type)
  }
  return list.check(address, type)
}

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  onFound: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** For the `lookup` option of a connection: fails where one of the name's addresses is not public. */
export const createPublicLookup =
  (resolve: Resolve): LookupFunction =>
  (hostname, options, onFound) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const hidden = addresses?.find(({ address }) => !isPublic(address))
      const [first] = addresses ?? []
      if (error || !first) onFound(error ?? new Error('It has no address.'), [])
      else if (hidden) onFound(new Error(`${hidden.address} is not a public address.`), [])
      else if (options.all) onFound(null, addresses)
      else onFound(null, first.address, first.family)
    })
  }

export const lookupPublic = createPublicLookup(lookup)
