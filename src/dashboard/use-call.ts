import { useCallback, useEffect, useState } from 'react'
import { useBook } from './book.ts'
import { type Answer, type Client, Refusal } from './client.ts'

export interface Called<Value> {
  readonly value: Value | undefined
  /** Why there is none, or why it is old. */
  readonly refusal: Refusal | undefined
  readonly again: () => void
}

interface CallOptions {
  /** Asks again after this long, as long as somebody looks. */
  readonly everyMs?: number
  /** Of a range: while this is the same, a later start is the same question, asked later. */
  readonly since?: string
}

/** No answer, too much was asked, or the database is away: that passes. */
const PASSING: readonly number[] = [0, 429, 503]
const RETRY_MS = 3_000

type Calls = { readonly [Id in keyof Client]: (input: object) => Promise<Answer<Id>> }

/** Asks the API; another question begins anew, and what came last for the same one stays while it is asked again. */
export function useCall<Id extends keyof Client>(
  id: Id,
  input: NonNullable<Parameters<Client[Id]>[0]>,
  { everyMs, since }: CallOptions = {},
): Called<Answer<Id>> {
  const { client, isVisible, onRefusal } = useBook()
  const asked = JSON.stringify(input)
  const about = JSON.stringify(input, (name, value) => (name === 'start_time' ? (since ?? value) : value))
  const [answer, setAnswer] = useState<{ about: string; value?: Answer<Id>; refusal?: Refusal }>()
  const [turn, setTurn] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn asks the same again
  useEffect(() => {
    if (!isVisible) return
    const stop = new AbortController()
    let timer: number | undefined
    const askIn = (ms: number): void => {
      if (!stop.signal.aborted) timer = setTimeout(() => void ask(), ms)
    }
    const ask = async (): Promise<void> => {
      try {
        const value = await (client as Calls)[id]({ ...JSON.parse(asked), signal: stop.signal })
        setAnswer({ about, value })
        onRefusal(undefined)
        if (everyMs) askIn(everyMs)
      } catch (thrown) {
        if (stop.signal.aborted) return
        const refusal = thrown instanceof Refusal ? thrown : new Refusal(0, String(thrown))
        setAnswer((last) => ({ ...(last?.about === about ? last : { about }), refusal }))
        onRefusal(refusal)
        if (PASSING.includes(refusal.status)) askIn(RETRY_MS)
        else if (everyMs && refusal.status !== 401) askIn(everyMs)
      }
    }
    void ask()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [client, id, asked, about, isVisible, everyMs, turn, onRefusal])

  const again = useCallback(() => setTurn((turn) => turn + 1), [])
  const current = answer?.about === about ? answer : undefined
  return { value: current?.value, refusal: current?.refusal, again }
}
