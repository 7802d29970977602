/** Apps on one folder and one database. A killed one is started again at once. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DrainState } from '../../src/event/ports/drain.ts'
import { type Child, startChild } from '../kit/child.ts'
import type { Finding } from './ledger.ts'
import type { AppSpec } from './pipeline-app.ts'

/** What an app says of itself with each answer. */
export interface AppAnswer {
  readonly id: number
  readonly shed: number
  readonly state: DrainState
  readonly stored: number
  readonly quarantined: number
}

export interface Member {
  /** Undefined while it starts. */
  url: string | undefined
  /** Its last answer of this life. */
  answer: AppAnswer | undefined
  child: Child
}

export interface Fleet {
  readonly members: readonly Member[]
  /** Apps that ended though nobody killed them. */
  readonly findings: readonly Finding[]
  /** kill -9, and a new one. */
  kill(member: Member): Promise<void>
  /** kill -9 of all, and no new ones. */
  end(): Promise<void>
}

const PROGRAM = fileURLToPath(new URL('pipeline-app.ts', import.meta.url))
const START_MS = 60_000

export function startApp(spec: AppSpec): Child {
  return startChild(PROGRAM, [JSON.stringify(spec)], {
    DATABASE_URL: undefined,
    DAYBOOK_DIR: undefined,
    NODE_COMPILE_CACHE: join(tmpdir(), 'daybook-campaign-cache'),
  })
}

export const toUrl = async (child: Child): Promise<string> =>
  (await child.waitForLine(/^ready /, START_MS)).slice('ready '.length)

export function createFleet(spec: AppSpec, size: number): Fleet {
  const findings: Finding[] = []
  const members = Array.from({ length: size }, () =>
    begin({ url: undefined, answer: undefined, child: startApp(spec) }),
  )

  function begin(member: Member): Member {
    const { child } = member
    const isPresent = (): boolean => member.child === child
    toUrl(child)
      .then((url) => {
        if (isPresent()) member.url = url
      })
      .catch(() => undefined)
    void child.exit.then(({ code, signal }) => {
      if (signal === 'SIGKILL') return
      findings.push({ wrong: 'died', what: `an app ended with ${code ?? signal}: ${child.stderr().slice(-2_000)}` })
      if (isPresent()) renew(member)
    })
    return member
  }

  const renew = (member: Member): void => {
    Object.assign(member, { url: undefined, answer: undefined, child: startApp(spec) })
    begin(member)
  }

  return {
    members,
    findings,
    async kill(member) {
      await member.child.kill('SIGKILL')
      renew(member)
    },
    async end() {
      await Promise.all(members.map(({ child }) => child.kill('SIGKILL')))
    },
  }
}
