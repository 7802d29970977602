/**
 * Door "./react": the pieces of the page for a host's own pages, with the styles of `daybook/react.css`.
 *
 *   const client = createClient({ baseUrl: new URL('/daybook', location.href), key: token })
 *   <DaybookSession client={client} id="s-1" />
 */
import { lazy, Suspense } from 'react'
import type { Query } from '../client.ts'
import { EventView } from '../event/event-view.tsx'
import { Chain } from '../provenance/chain.tsx'
import { SessionStory } from '../session/session-story.tsx'
import { TraceView } from '../trace/trace-view.tsx'
import { Events } from './events.tsx'
import { Frame, type PieceProps } from './frame.tsx'

export type { Place } from '../piece.ts'
export type { PieceProps }

export interface DaybookEventsProps extends PieceProps {
  readonly query?: Omit<Query<'findEvents'>, 'cursor' | 'fields' | 'limit' | 'offset' | 'order'>
  /** Shows new events as they are stored. @default false */
  readonly isLive?: boolean
}

/** Events, newest first. One that is chosen opens where the host has a page for it, else below its line. */
export function DaybookEvents({ query = {}, isLive = false, ...rest }: DaybookEventsProps) {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      [value].flat().flatMap((one): [string, string][] => (one == null ? [] : [[name, String(one)]])),
    ),
  ).toString()
  return (
    <Frame {...rest}>
      <Events query={search} isLive={isLive} />
    </Frame>
  )
}

export interface DaybookPieceProps extends PieceProps {
  readonly id: string
}

/** One event with all that it carries. */
export const DaybookEvent = ({ id, ...rest }: DaybookPieceProps) => (
  <Frame {...rest} address={{ id }}>
    <EventView />
  </Frame>
)

export interface DaybookSessionProps extends DaybookPieceProps {
  /** The id of an event to begin at. */
  readonly at?: string
}

/** The story of a conversation. */
export const DaybookSession = ({ id, at, ...rest }: DaybookSessionProps) => (
  <Frame {...rest}>
    <SessionStory key={id} id={id} at={at ?? null} />
  </Frame>
)

/** What took how long, and what it was part of. */
export const DaybookTrace = ({ id, ...rest }: DaybookPieceProps) => (
  <Frame {...rest} address={{ id }}>
    <TraceView />
  </Frame>
)

/** Who allowed this event? */
export const DaybookProvenance = ({ id, ...rest }: DaybookPieceProps) => (
  <Frame {...rest}>
    <Chain key={id} id={id} />
  </Frame>
)

export interface DaybookStatisticsProps extends PieceProps {
  /** @default '24h' */
  readonly range?: '1h' | '24h' | '7d' | '30d' | { readonly start_time: string; readonly end_time?: string }
}

const Statistics = lazy(async () => ({ default: (await import('../statistics/statistics.tsx')).Statistics }))

/** Events in figures. What draws them is loaded by the first of them. */
export function DaybookStatistics({ range = '24h', ...rest }: DaybookStatisticsProps) {
  return (
    <Frame {...rest} address={typeof range === 'string' ? { range } : { ...range }}>
      <Suspense fallback={<p className="reading">Reading the statistics…</p>}>
        <Statistics />
      </Suspense>
    </Frame>
  )
}
