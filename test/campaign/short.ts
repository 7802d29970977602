/** The short form of each campaign, in seconds: what the tests run, and `npm run campaign -- all --short`. */
import type { CampaignOptions } from './campaign.ts'

type Figures = Partial<Pick<CampaignOptions, 'count' | 'pipeline' | 'seconds' | 'immediate' | 'lines' | 'poison'>>

export const SHORT = {
  kill: { count: 30, pipeline: 3 },
  syscalls: { count: 2 },
  database: { seconds: 3, immediate: 2 },
  poison: { lines: 2_000, poison: 20 },
  backlog: { lines: 20_000 },
  power: { count: 8 },
  otlp: { count: 2_000 },
  secrets: { count: 1_000 },
  stream: { count: 5_000 },
  readers: { count: 200, lines: 1_000 },
  // What connections hold of fewer is all of it, and nobody can leave before the end.
  export: { lines: 100_000 },
  risk: {},
  api: { count: 300 },
  disk: { count: 6 },
  fleet: { count: 6 },
  fuzz: { count: 10_000 },
} as const satisfies Readonly<Record<string, Figures>>

export type CampaignName = keyof typeof SHORT
export const CAMPAIGN_NAMES = Object.keys(SHORT) as readonly CampaignName[]

export const toArguments = (figures: Figures): string[] =>
  Object.entries(figures).flatMap(([name, figure]) => [`--${name}`, String(figure)])
