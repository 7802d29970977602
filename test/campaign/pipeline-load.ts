/** Requests to the fleet from outside. An id is acknowledged when its whole answer has arrived. */
import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ledger } from './ledger.ts'
import type { AppAnswer, Fleet } from './pipeline-fleet.ts'

export interface Load {
  /** The next id that will be issued. */
  nextId(): number
  /** Events that apps said they had dropped. */
  shed(): number
  stop(): Promise<void>
}

const CLIENTS = 6
const PAUSE_MS = 6
const ANSWER_MS = 10_000

/** `onAnswer` is told how long each request took, and whether it was answered as it should be. */
export function startLoad(
  fleet: Fleet,
  ledger: Ledger,
  onAnswer: (ms: number, isAnswered: boolean) => void = () => undefined,
): Load {
  const agent = new Agent({ keepAlive: true })
  let next = 1
  let shed = 0
  let isStopped = false

  const ask = async (turn: number): Promise<void> => {
    const member = fleet.members[turn % fleet.members.length]
    const url = member?.url
    if (!member || !url) return
    const id = next++
    const began = performance.now()
    const answer = await getJson<AppAnswer>(`${url}/ids/${id}`, agent).catch(() => undefined)
    onAnswer(performance.now() - began, answer?.id === id)
    if (answer?.id !== id) return
    ledger.acknowledge(id)
    shed = Math.max(shed, answer.shed)
    // An answer of the life before says nothing of this one.
    if (member.url === url) member.answer = answer
  }

  const client = async (_: unknown, number: number): Promise<void> => {
    for (let turn = number; !isStopped; turn++) {
      await ask(turn)
      await sleep(PAUSE_MS)
    }
  }
  const clients = Promise.all(Array.from({ length: CLIENTS }, client))

  return {
    nextId: () => next,
    shed: () => shed,
    async stop() {
      isStopped = true
      await clients
      agent.destroy()
    },
  }
}

/** Resolves when the answer is there to its end. */
export async function getJson<T>(url: string, agent?: Agent): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const request = get(url, { agent, timeout: ANSWER_MS }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.once('error', reject)
    response.once('close', () => {
      if (!response.complete) reject(new Error('The answer was cut.'))
      else resolve(JSON.parse(Buffer.concat(chunks).toString()))
    })
  })
  request.once('timeout', () => request.destroy(new Error('No answer.')))
  request.once('error', reject)
  return promise.catch((error: unknown) => {
    throw error instanceof Error ? error : new Error(String(error))
  })
}
