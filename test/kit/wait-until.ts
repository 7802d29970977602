import { setTimeout as sleep } from 'node:timers/promises'

export interface WaitOptions {
  /** What is waited for, as the failure shall name it: "the event to be stored". */
  readonly what: string
  readonly timeoutMs?: number
  readonly intervalMs?: number
}

type Falsy = false | null | undefined | 0 | ''

/** Polls until `check` gives something truthy and returns that; a `check` that throws counts as "not yet". */
export async function waitUntil<T>(
  check: () => T | Promise<T>,
  { what, timeoutMs = 120_000, intervalMs = 20 }: WaitOptions,
): Promise<Exclude<T, Falsy>> {
  const end = performance.now() + timeoutMs
  let last: unknown
  for (;;) {
    const found = await attempt(check)
    if (found.ok && found.value) return found.value as Exclude<T, Falsy>
    last = found.value
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms for ${what}; last seen: ${show(last)}`)
    await sleep(intervalMs)
  }
}

async function attempt<T>(
  check: () => T | Promise<T>,
): Promise<{ ok: true; value: T } | { ok: false; value: unknown }> {
  try {
    return { ok: true, value: await check() }
  } catch (error) {
    return { ok: false, value: error }
  }
}

const show = (value: unknown): string =>
  value instanceof Error ? (value.stack ?? value.message) : JSON.stringify(value)
