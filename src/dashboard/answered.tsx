import type { ReactNode } from 'react'
import type { Refusal } from './client.ts'
import type { Called } from './use-call.ts'

interface AnsweredProps<Value> {
  readonly of: Called<Value>
  /** What is asked for, as in “Reading the trace…”. */
  readonly what: string
  readonly children: (value: Value) => ReactNode
}

/** What the API answered; until then that it is asked, and when it refuses what to do. */
export function Answered<Value>({ of: { value, refusal, again }, what, children }: AnsweredProps<Value>) {
  return (
    <>
      {refusal && <Refused refusal={refusal} what={what} isOld={value !== undefined} onAgain={again} />}
      {value !== undefined && children(value)}
      {value === undefined && !refusal && (
        <p className="reading" role="status">
          Reading {what}…
        </p>
      )}
    </>
  )
}

interface RefusedProps {
  readonly refusal: Refusal
  readonly what: string
  readonly isOld: boolean
  readonly onAgain: () => void
}

const Refused = ({ refusal, what, isOld, onAgain }: RefusedProps) => (
  <div className="notice" role="alert">
    <p>
      {toTrouble(refusal, what)}
      {isOld && ' What you see is older.'}
    </p>
    <p className="notice-reason">{refusal.message}</p>
    {refusal.status !== 403 && refusal.status !== 404 && (
      <button type="button" onClick={onAgain}>
        Try again
      </button>
    )}
  </div>
)

function toTrouble({ status }: Refusal, what: string): string {
  if (status === 0) return `Daybook doesn’t answer, so ${what} can’t be read.`
  if (status === 403) return `Your key may not read ${what}. Ask for one of role admin or auditor.`
  if (status === 404)
    return `There is nothing here: ${what} isn’t in the log, is no longer kept, or isn’t yours to see.`
  if (status === 400) return `The address of this page asks for something that does not exist.`
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} couldn’t be read.`
}
