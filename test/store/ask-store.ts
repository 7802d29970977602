/** The API over a real database: what is sealed here is stored at once, and asked for over HTTP. */
import express from 'express'
import request, { type Test } from 'supertest'
import { createRouter } from '../../src/api/router.ts'
import { createTelemetry } from '../../src/capture/otel/telemetry.ts'
import { createOtlpIntake } from '../../src/capture/otlp/intake.ts'
import type { Draft, ErrorDraft, ErrorEvent, Event } from '../../src/event/event.ts'
import { createErrorGroupStore } from '../../src/store/error-groups.ts'
import { createErrorRepository } from '../../src/store/error-repository.ts'
import { createEventPages } from '../../src/store/event-pages.ts'
import { createEventRepository } from '../../src/store/event-repository.ts'
import type { Orm } from '../../src/store/orm.ts'
import { createStoryRepository } from '../../src/store/story-repository.ts'
import { OPTIONS } from '../api/ask.ts'
import { ADMIN_KEY, ALICE_KEY, createMemoryParts } from '../api/parts.ts'
import type { DatabaseTarget } from '../kit/database.ts'
import { createTestRefinery } from '../kit/events.ts'
import { openTestStore } from '../kit/store.ts'

const SEGMENT = 'events_2026-11-21-a.jsonl'
const KEYS = { admin: ADMIN_KEY, alice: ALICE_KEY, nobody: '' } as const

export interface AskStore {
  readonly orm: Orm
  /** Stores events, all in one transaction. */
  store(...drafts: Draft[]): Promise<readonly Event[]>
  storeErrors(...drafts: ErrorDraft[]): Promise<readonly ErrorEvent[]>
  /** Stores what the API has taken. */
  settle(): Promise<void>
  get(path: string, who?: keyof typeof KEYS): Test
  send(method: 'post' | 'patch', path: string, body: object, who?: keyof typeof KEYS): Test
}

/** Rows are kept for `keepDays` as far as questions go. */
export async function openAskStore(target: DatabaseTarget, keepDays = 30): Promise<AskStore> {
  const { writer, orm } = await openTestStore(target)
  const refinery = createTestRefinery()
  const waiting: { events: Event[]; errors: ErrorEvent[] } = { events: [], errors: [] }
  let at = 0

  const settle = async (): Promise<void> => {
    const [events, errors] = [waiting.events.splice(0), waiting.errors.splice(0)]
    const to = at + events.length + errors.length
    await writer.write({ segment: SEGMENT, from: at, to, events, errors })
    at = to
  }
  const memory = createMemoryParts()
  const sink = {
    ...memory.sink,
    event: (draft: Draft) => waiting.events[waiting.events.push(refinery.seal(draft)) - 1],
    error: (draft: ErrorDraft) => waiting.errors[waiting.errors.push(refinery.sealError(draft)) - 1],
  }
  const parts = {
    ...memory,
    sink,
    otlp: createOtlpIntake(createTelemetry(sink)),
    events: createEventRepository(orm, keepDays),
    pages: createEventPages(orm),
    errors: createErrorRepository(orm, keepDays),
    errorGroups: createErrorGroupStore(orm, keepDays),
    stories: createStoryRepository(orm),
  }
  const app = express().use(createRouter(parts, OPTIONS))
  const ask = (method: 'get' | 'post' | 'patch', path: string, who: keyof typeof KEYS): Test =>
    request(app)
      [method](path)
      .set(KEYS[who] ? { 'x-api-key': KEYS[who] } : {})

  return {
    orm,
    async store(...drafts) {
      const events = drafts.map((draft) => refinery.seal(draft))
      waiting.events.push(...events)
      await settle()
      return events
    },
    async storeErrors(...drafts) {
      const errors = drafts.map((draft) => refinery.sealError(draft))
      waiting.errors.push(...errors)
      await settle()
      return errors
    },
    settle,
    get: (path, who = 'admin') => ask('get', path, who),
    send: (method, path, body, who = 'admin') => ask(method, path, who).send(body),
  }
}
