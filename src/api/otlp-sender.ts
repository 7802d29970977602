/** Who sends telemetry: the owner of a key, or without one a program of this machine. */
import type { Request } from 'express'
import { ANONYMOUS, type Role, type Viewer } from '../event/viewer.ts'
import { checkMayWrite, checkRole } from './viewer.ts'

export interface Sender {
  readonly tenant_id: string
  /** Whose it all is: set for role user, as with what they send to `POST /events`. */
  readonly user_id?: string | undefined
}

export interface SenderOptions {
  /** Whether programs of this machine need no key. */
  readonly keyless: boolean
  readonly viewerOf: (req: Request) => Promise<Viewer>
}

/** Throws Fault `unauthenticated` for a wrong key, `forbidden` where one is missing. */
export function createSenderOf({ keyless, viewerOf }: SenderOptions): (req: Request) => Promise<Sender> {
  return async (req) => {
    const viewer = await viewerOf(req)
    const { role, tenant_id, user_id } = viewer
    if (role === 'anonymous' && keyless && isLocalProgram(req)) return { tenant_id: ANONYMOUS.tenant_id }
    checkRole(viewer, SENDERS)
    checkMayWrite(viewer)
    return { tenant_id, user_id: role === 'user' ? user_id : undefined }
  }
}

const SENDERS: readonly Role[] = ['admin', 'user', 'ingest']

const LOOPBACK = /^(?:::1|(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/
/** A proxy on this machine speaks for others, and so does a browser: for the page that it shows. */
const FOR_OTHERS =
  /^(?:forwarded|via|origin|referer|x-forwarded(?:-.*)?|sec-fetch-site|(?:.*-)?(?:real|client|connecting)-ip)$/

/** The socket says where it comes from. Headers can't: they can only say that it comes from elsewhere. */
const isLocalProgram = ({ socket, headers }: Request): boolean =>
  LOOPBACK.test(socket.remoteAddress ?? '') && !Object.keys(headers).some((name) => FOR_OTHERS.test(name))
