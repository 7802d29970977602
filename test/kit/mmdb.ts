/** Writes small databases of MaxMind's format 2.0: addresses of IPv4 and IPv6 in one tree, records of text, numbers and objects. */

type Value = string | number | { readonly [key: string]: Value }

/** A network such as `203.0.113.0/24` or `2001:db8::/32`, and what is known of it. */
export type Networks = Readonly<Record<string, Value>>

const MARK = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')
const SEPARATOR_BYTES = 16
const RECORD_BITS = 32
const MAPPED_BITS = 96
const [STRING, UINT32, MAP, UINT16, UINT64] = [2, 6, 7, 5, 9]

export function toMmdb(networks: Networks, ipVersion: 4 | 6 = 6): Buffer {
  const tree = toTree(networks, ipVersion)
  const nodes: Node[] = []
  number(tree, nodes)
  const data = Object.values(networks).map(encode)
  const starts = data.map((_, index) => data.slice(0, index).reduce((sum, { length }) => sum + length, 0))
  const records = nodes.flatMap(({ sides }) => sides.map((side) => toRecord(side, nodes.length, starts)))
  const bytes = Buffer.alloc(records.length * 4)
  for (const [index, record] of records.entries()) bytes.writeUInt32BE(record, index * 4)
  const metadata = encodeMetadata({ node_count: nodes.length, record_size: RECORD_BITS, ip_version: ipVersion })
  return Buffer.concat([bytes, Buffer.alloc(SEPARATOR_BYTES), ...data, MARK, metadata])
}

interface Node {
  /** Where a bit of 0 and of 1 lead: on, to a record by its index, or nowhere. */
  readonly sides: [Node | number | undefined, Node | number | undefined]
  index: number
}

const toNode = (): Node => ({ sides: [undefined, undefined], index: 0 })

function toTree(networks: Networks, ipVersion: 4 | 6): Node {
  const root = toNode()
  for (const [place, network] of Object.keys(networks).entries()) {
    const bits = toBits(network, ipVersion)
    let node = root
    for (const [depth, bit] of bits.entries()) {
      if (depth === bits.length - 1) node.sides[bit] = place
      else {
        const next = node.sides[bit]
        const onward: Node = typeof next === 'object' ? next : toNode()
        node.sides[bit] = onward
        node = onward
      }
    }
  }
  return root
}

function toBits(network: string, ipVersion: 4 | 6): (0 | 1)[] {
  const [address = '', prefix = ''] = network.split('/')
  const isV6 = address.includes(':')
  const bytes = isV6 ? toV6Bytes(address) : address.split('.').map(Number)
  const bits = bytes.flatMap((byte) => [...byte.toString(2).padStart(8, '0')].map((bit) => (bit === '1' ? 1 : 0)))
  const zeros = isV6 || ipVersion === 4 ? [] : Array.from({ length: MAPPED_BITS }, () => 0 as const)
  return [...zeros, ...bits.slice(0, Number(prefix))]
}

function toV6Bytes(address: string): number[] {
  const [front = [], back = []] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0')
  return [...front, ...zeros, ...back].map((group) => Number.parseInt(group, 16)).flatMap((n) => [n >> 8, n & 255])
}

function number(node: Node, nodes: Node[]): void {
  node.index = nodes.length
  nodes.push(node)
  for (const side of node.sides) if (typeof side === 'object') number(side, nodes)
}

function toRecord(side: Node | number | undefined, count: number, starts: readonly number[]): number {
  if (side === undefined) return count
  return typeof side === 'object' ? side.index : count + SEPARATOR_BYTES + (starts[side] ?? 0)
}

function encodeMetadata(of: { node_count: number; record_size: number; ip_version: number }): Buffer {
  const parts = [
    [encode('node_count'), encodeNumber(UINT32, of.node_count)],
    [encode('record_size'), encodeNumber(UINT16, of.record_size)],
    [encode('ip_version'), encodeNumber(UINT16, of.ip_version)],
    [encode('database_type'), encode('Test')],
    [encode('binary_format_major_version'), encodeNumber(UINT16, 2)],
    [encode('binary_format_minor_version'), encodeNumber(UINT16, 0)],
    [encode('build_epoch'), encodeNumber(UINT64, 1_790_000_000)],
  ]
  return Buffer.concat([control(MAP, parts.length), ...parts.flat()])
}

function encode(value: Value): Buffer {
  if (typeof value === 'number') return encodeNumber(UINT32, value)
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    return Buffer.concat([control(STRING, text.length), text])
  }
  const members = Object.entries(value).flatMap(([key, member]) => [encode(key), encode(member)])
  return Buffer.concat([control(MAP, members.length / 2), ...members])
}

function encodeNumber(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  const size = type === UINT16 ? 2 : 4
  return Buffer.concat([control(type, size), bytes.subarray(4 - size)])
}

/** Types above 7 are written behind the byte that holds the size, which is below 29 here. */
const control = (type: number, size: number): Buffer => {
  if (size >= 29) throw new Error(`${size} bytes or members are too many for this writer.`)
  return type <= 7 ? Buffer.from([(type << 5) | size]) : Buffer.from([size, type - 7])
}
