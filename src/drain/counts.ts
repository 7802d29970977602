/** How many in which minute or hour: a window that slides, bounded, and small as JSON. */

/** Pairs of bucket and count, in the order of the buckets. */
export type Counts = [number, number][]

/** Counts into a bucket, and forgets those more than `keep` before the newest. What comes later than that is not counted. */
export function addTo(counts: Counts, bucket: number, n: number, keep: number): void {
  const newest = counts.at(-1)?.[0] ?? bucket
  if (bucket <= newest - keep) return
  const known = counts.findLast(([at]) => at === bucket)
  if (known) known[1] += n
  else {
    counts.push([bucket, n])
    if (bucket < newest) counts.sort(([a], [b]) => a - b)
  }
  const oldest = Math.max(bucket, newest) - keep
  while (counts[0] && counts[0][0] <= oldest) counts.shift()
}

/** Sum of `width` buckets, of which `bucket` is the last. */
export function sumOf(counts: Counts, bucket: number, width: number): number {
  let sum = 0
  for (const [at, n] of counts) if (at > bucket - width && at <= bucket) sum += n
  return sum
}
