/** So many in each span of time, from one address and in all. */
export interface AllowanceOptions {
  readonly perAddress: number
  readonly inTotal: number
  readonly windowMs: number
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** Takes one for the address and gives 0, or gives the milliseconds until there is one again. */
export type Take = (address: string) => number

export function createAllowance(options: AllowanceOptions): Take {
  const { perAddress, inTotal, windowMs, now = () => performance.now() } = options
  let ends = 0
  let total = 0
  // Only what was let through is remembered: no more addresses than `inTotal`.
  const taken = new Map<string, number>()
  return (address) => {
    const time = now()
    if (time >= ends) {
      ends = time + windowMs
      total = 0
      taken.clear()
    }
    const own = taken.get(toNetwork(address)) ?? 0
    // Who has used up its own does not use up that of others.
    if (own >= perAddress || total >= inTotal) return ends - time
    taken.set(toNetwork(address), own + 1)
    total++
    return 0
  }
}

const NETWORK_GROUPS = 4

/** One household has an IPv4 address, or an IPv6 network of 2^64 of them. */
const toNetwork = (address: string): string =>
  address.includes('.') ? address : (address.split('::')[0] ?? '').split(':').slice(0, NETWORK_GROUPS).join(':')
