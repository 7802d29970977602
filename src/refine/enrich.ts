/** Where, with what, and how risky: columns that are found out, where nobody gave them. */
import type { RiskConfig } from '../event/risk.ts'
import { toDevice } from './device.ts'
import type { Locate } from './locate.ts'
import { createScoreRisk } from './risk.ts'

export interface EnrichOptions {
  readonly locate?: Locate | undefined
  /** Undefined: no event is given a score. */
  readonly risk?: RiskConfig | undefined
}

/** `address` is the whole one, which the row has no more. */
export type Enrich = (row: Record<string, unknown>, address: unknown) => void

export function createEnrich({ locate, risk }: EnrichOptions): Enrich {
  const scoreRisk = risk && createScoreRisk(risk)
  return (row, address) => {
    if (locate && typeof address === 'string' && row.country === undefined) {
      const { country, city } = locate(address) ?? {}
      if (country !== undefined) row.country = country
      if (city !== undefined) row.city ??= city
    }
    if (row.device === undefined && typeof row.user_agent === 'string') {
      const device = toDevice(row.user_agent)
      if (device !== undefined) row.device = device
    }
    scoreRisk?.(row)
  }
}
