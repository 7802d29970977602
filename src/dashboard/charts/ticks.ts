interface Placed {
  readonly place: number
}

interface TickOptions {
  readonly steps: readonly number[]
  readonly most: number
}

/** As many marks as there is room for, at round places. */
export function toTicks<Part extends Placed>(parts: readonly Part[], { steps, most }: TickOptions): Part[] {
  const step = steps.find((step) => parts.length / step <= most) ?? steps.at(-1) ?? 1
  return parts.filter(({ place }) => place % step === 0)
}
