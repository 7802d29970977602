/**
 * The OTLP/HTTP receiver: https://opentelemetry.io/docs/specs/otlp/#otlphttp. Its answers are described in openapi.yaml and
 * are OTLP's own, in the encoding of the question; bodies are no JSON of ours. So it is not behind the validator.
 */
import { trace } from '@opentelemetry/api'
import type { Request, RequestHandler, Response } from 'express'
import { Fault } from '../event/fault.ts'
import type { ApiParts } from '../event/ports/api.ts'
import type { OtlpEncoding, Signal } from '../event/ports/otlp.ts'
import type { Viewer } from '../event/viewer.ts'
import { encodeAnswer, encodeStatus, MEDIA_TYPES } from './otlp-answer.ts'
import { createBodies } from './otlp-body.ts'
import { createSenderOf } from './otlp-sender.ts'
import { Refused, report, toRefusal } from './problem.ts'

export interface OtlpOptions {
  /** Most bytes of one export, unpacked. */
  readonly maxBytes: number
  /** Whether programs of this machine need no key. */
  readonly keyless: boolean
}

interface Receiver extends OtlpOptions {
  readonly viewerOf: (req: Request) => Promise<Viewer>
}

/** By `operationId`. */
export function createOtlpRoutes(
  { otlp, sink }: ApiParts,
  options: Receiver,
): Readonly<Record<string, RequestHandler>> {
  const senderOf = createSenderOf(options)
  const withBody = createBodies(options.maxBytes)

  const answering = (answer: (req: Request, encoding: OtlpEncoding) => Promise<Buffer>): RequestHandler => {
    return async (req, res) => {
      const encoding = toEncoding(req)
      try {
        if (!encoding) throw new Refused(WRONG_MEDIA_TYPE)
        send(res, 200, encoding, await answer(req, encoding))
      } catch (thrown) {
        const { status, detail, headers } = toRefusal(thrown)
        if (status === 500) report(sink, { thrown, req, trace_id: toOwnTrace(req) })
        res.set(status === 503 ? { ...headers, 'Retry-After': RETRY_AFTER_S } : (headers ?? {}))
        send(res, status, encoding ?? 'json', encodeStatus(status, detail, encoding ?? 'json'))
      }
    }
  }

  const receive = (signal: Signal): RequestHandler =>
    answering(async (req, encoding) => {
      const sender = await senderOf(req)
      const take = (body: Buffer) => otlp.take(body, { signal, encoding, ...sender, trace_id: toOwnTrace(req) })
      const taken = await withBody(req, encoding, take)
      if (taken.shed > 0) throw new Fault('spool_full', 'The event log takes no more events now. Send it again later.')
      return encodeAnswer(signal, taken, encoding)
    })

  const pass = answering(async (req, encoding) => {
    await senderOf(req)
    return encodeAnswer('metrics', { rejected: 0, reason: NO_METRICS }, encoding)
  })

  return { addTraces: receive('traces'), addLogs: receive('logs'), addMetrics: pass }
}

/** Exporters of JavaScript give up after ten seconds: time for some tries, and not for one alone. */
const RETRY_AFTER_S = '2'

/** SDKs send metrics when nobody told them not to. Most log a 404 as an error, each minute, and few of them this. */
const NO_METRICS = 'Daybook keeps no metrics; set OTEL_METRICS_EXPORTER=none.'

const WRONG_MEDIA_TYPE = {
  status: 415,
  code: 'invalid_request',
  detail: `Send the body as ${MEDIA_TYPES.protobuf} or ${MEDIA_TYPES.json}.`,
} as const

function toEncoding(req: Request): OtlpEncoding | undefined {
  const type = (req.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
  if (type === MEDIA_TYPES.protobuf) return 'protobuf'
  return type === MEDIA_TYPES.json ? 'json' : undefined
}

/** As `res.send` would not: the type as it is, without a charset. */
function send(res: Response, status: number, encoding: OtlpEncoding, body: Buffer): void {
  res.writeHead(status, { 'Content-Type': MEDIA_TYPES[encoding], 'Content-Length': body.length }).end(body)
}

/** The trace that begins with this request, where the app makes spans of requests. */
const toOwnTrace = (req: Request): string | undefined =>
  req.get('traceparent') === undefined ? trace.getActiveSpan()?.spanContext().traceId : undefined
