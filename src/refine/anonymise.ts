/** Shortens client addresses, so that a row does not single out a household: IPv4 to /24, IPv6 to /48. */
import { isIPv4, isIPv6, SocketAddress } from 'node:net'

/** An address with a zone is no longer than this. */
const MAX_CHARS = 64
const GROUPS = 8
const NETWORK_GROUPS = 3
const MAPPED = '::ffff:'
const MAPPED_GROUPS = [0, 0, 0, 0, 0, 0xffff].join()

/** Undefined for what is no address. */
export function shortenIp(address: string): string | undefined {
  const one = toOneForm(address)
  if (one === undefined) return undefined
  if (isIPv4(one)) return shortenV4(one)
  const network = toGroups(one).slice(0, NETWORK_GROUPS)
  return network.some((group) => group !== 0) ? `${network.map((group) => group.toString(16)).join(':')}::` : '::'
}

/** One spelling for each address, also for an IPv4 address that is written as IPv6. Undefined for what is no address. */
export function toOneForm(address: string): string | undefined {
  // A server that listens on both families sees most of its clients as ::ffff:203.0.113.7.
  const v4 = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address
  if (isIPv4(v4)) return v4
  const bare = withoutZone(address)
  if (address.length > MAX_CHARS || !isIPv6(bare)) return undefined
  // In another form, ::ffff:cb00:7107 or 0:0:0:0:0:ffff:203.0.113.7.
  const groups = toGroups(address)
  const [high = 0, low = 0] = groups.slice(-2)
  if (groups.slice(0, -2).join() === MAPPED_GROUPS) return [high >> 8, high & 255, low >> 8, low & 255].join('.')
  return new SocketAddress({ address: bare, family: 'ipv6' }).address + address.slice(bare.length)
}

const withoutZone = (address: string): string => address.split('%', 1)[0] ?? ''

const shortenV4 = (address: string): string => `${address.slice(0, address.lastIndexOf('.'))}.0`

/** The eight numbers of an IPv6 address, without its zone; the last two may be written as IPv4. */
function toGroups(whole: string): number[] {
  const address = withoutZone(whole)
  const dotted = /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)
  const [a = 0, b = 0, c = 0, d = 0] = (dotted ?? []).slice(1).map(Number)
  const hex = dotted
    ? address.slice(0, dotted.index) + [a * 256 + b, c * 256 + d].map((n) => n.toString(16)).join(':')
    : address
  const [front = [], back] = hex.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const zeros = back ? GROUPS - front.length - back.length : 0
  return [...front, ...Array.from({ length: zeros }, () => '0'), ...(back ?? [])].map((group) =>
    Number.parseInt(group, 16),
  )
}
