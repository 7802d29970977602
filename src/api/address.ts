/** From where a request comes: what the host's Express says, which knows what proxies to believe; ours does not. */
import type { Request } from 'express'

const addresses = new WeakMap<Request, string>()

/** Call it while the request is the host's. Whom to trust is a function of the host's, which may throw. */
export function keepAddress(req: Request): void {
  try {
    if (req.ip !== undefined) addresses.set(req, req.ip)
  } catch {
    // That of the socket, then.
  }
}

export const addressOf = (req: Request): string => addresses.get(req) ?? req.socket.remoteAddress ?? ''
