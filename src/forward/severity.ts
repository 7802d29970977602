import type { Event } from '../event/event.ts'

/** The first number of each range: https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
export const SEVERITY_NUMBERS: Readonly<Record<Event['severity'], number>> = {
  debug: 5,
  info: 9,
  warning: 13,
  error: 17,
  critical: 21,
}
