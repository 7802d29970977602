/** Shortens client addresses, so that a row does not single out a household: IPv4 to /24, IPv6 to /48. */
import { isIPv4, isIPv6 } from 'node:net'

export function shortenIp(address: string): string | undefined {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (isIPv4(plain)) return plain.replace(/\d+$/, '0')
  if (!isIPv6(plain)) return undefined
  const [head = '', tail] = plain.toLowerCase().split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail ? tail.split(':') : []
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - front.length - back.length }, () => '0')
  const network = [...front, ...zeros, ...back].slice(0, 3).map((group) => Number.parseInt(group, 16).toString(16))
  return network.every((group) => group === '0') ? '::' : `${network.join(':')}::`
}
