/** Log records → events: messages of conversations, scores, sessions, and plain lines. */
import type { Draft } from '../../event/event.ts'
import { toAnswers, toAsked, toAskedBy } from './conversation.ts'
import { CHOICE, DETAILS, toDetails, toEventMessage } from './dialects/genai-events.ts'
import { toOwn, toOwnApproval } from './dialects/own.ts'
import { toDigest } from './memory.ts'
import type { Message } from './message.ts'
import { toRest } from './payloads.ts'
import type { Attributes, LogRecord } from './span.ts'
import { type Teller, type Telling, toBase, toEvent, toPayload } from './telling.ts'
import { first, isObject, pick, toNumber, toWord } from './values.ts'

/** `isHistory`: another message that the same call was given came after it. */
export function toLogStory(teller: Teller, record: LogRecord, isHistory: boolean): Telling[] {
  const { event_name: name, attributes, micros } = record
  const own = toOwn(attributes) ?? toOwnApproval(name, attributes) ?? toNamed(record)
  if (own) return [{ draft: toEvent(own.event_type, { ...toRecordBase(teller, record), ...own }) }]
  if (name === DETAILS) {
    const { input, output } = toDetails(attributes)
    return [...toAsked(teller, input, micros), ...toAnswers(teller, output, micros)]
  }
  const message = toEventMessage(name, isObject(record.body) ? record.body : attributes)
  if (!message) return [{ draft: toLine(teller, record) }]
  return name === CHOICE ? toAnswers(teller, [message], micros) : toGiven(teller, message, { micros, isHistory })
}

/** With the record's own key, or none: others of its span may have its name and its time. */
const toRecordBase = (teller: Teller, { micros, idempotency_key }: LogRecord): Partial<Draft> => ({
  ...toBase(teller, micros, ''),
  idempotency_key,
})

/** Of what a model was given only a new message of the user is told. */
function toGiven(teller: Teller, message: Message, at: { micros: number; isHistory: boolean }): Telling[] {
  if (message.role !== 'user' || message.parts.length === 0) return []
  const position = teller.trace.count(teller.span_id ?? '')
  const telling = toAskedBy(teller, message, { micros: at.micros, position })
  if (teller.span_id !== undefined) return at.isHistory ? [] : [telling]
  // Nothing tells one call from the next: only what the session was told before is history for sure.
  const key = teller.inSession(`asked:${toDigest(JSON.stringify(telling.draft.payload))}`)
  return [{ ...telling, ...(at.isHistory ? { once: [key] } : { also: [key] }) }]
}

const SESSIONS: Readonly<Record<string, string>> = {
  'session.start': 'SESSION_STARTED',
  'session.end': 'SESSION_ENDED',
}

function toNamed({ event_name, attributes }: LogRecord): Draft | undefined {
  if (event_name === 'gen_ai.evaluation.result')
    return { event_type: 'SCORE_RECORDED', payload: toScore(attributes), metadata: toRest(attributes) }
  const event_type = pick(SESSIONS, event_name)
  const previous = toWord(attributes['session.previous_id'])
  if (event_type === undefined) return undefined
  return { event_type, payload: toPayload({ previous_session_id: previous }) }
}

const toScore = (attributes: Attributes): object | undefined =>
  toPayload({
    name: toWord(attributes['gen_ai.evaluation.name']),
    value: toNumber(first(attributes, 'gen_ai.evaluation.score.value')),
    label: toWord(attributes['gen_ai.evaluation.score.label']),
    explanation: toWord(attributes['gen_ai.evaluation.explanation']),
  })

const WARN = 13
const ERROR = 17
const FATAL = 21

/** What loggers call what is worth a look, for those who send the word and no number. */
const LEVELS: Readonly<Record<string, number>> = {
  ...{ warn: WARN, warning: WARN, error: ERROR, err: ERROR },
  ...{ fatal: FATAL, critical: FATAL, alert: FATAL, emergency: FATAL },
}

function toLine(teller: Teller, record: LogRecord): Draft {
  const { event_name, body, attributes } = record
  const level = record.severity_number || (pick(LEVELS, record.severity_text.toLowerCase()) ?? 0)
  return {
    ...toRecordBase(teller, record),
    event_type: event_name || 'LOG',
    severity: level >= FATAL ? 'critical' : level >= ERROR ? 'error' : level >= WARN ? 'warning' : 'info',
    action_description: (typeof body === 'boolean' ? String(body) : toWord(body)) ?? event_name,
    payload: typeof body === 'object' && body !== null ? body : undefined,
    metadata: attributes,
  }
}
