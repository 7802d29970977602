/**
 * The PGlite of a host's ORM. It lives on the thread that opened it, the app's, which serves it at ports: one for the
 * drain's thread, one for the API.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { DATABASE } from './config/defaults.ts'
import type { HostOrm } from './config/host-options.ts'
import { isOverPglite } from './config/host-orm.ts'
import type { Embedded } from './store/renewed.ts'

/** Makes a port at each call; undefined where the host has a server, or no ORM. */
export function toHostPort(orm: HostOrm | undefined): (() => MessagePort) | undefined {
  if (!orm || !isOverPglite(orm)) return undefined
  const { em } = orm as { readonly em: { getConnection(): { getNativeClient(): Promise<Embedded> } } }
  return () => {
    const { port1, port2 } = new MessageChannel()
    // Loaded by who has such an ORM; what is asked meanwhile waits in the port.
    void import('./store/embedded-port.ts').then(({ serveEmbedded }) => {
      serveEmbedded(port1, () => em.getConnection().getNativeClient(), DATABASE.embeddedDeadlineMs)
      // Who waits for the drain keeps the process; a port that is idle must not.
      port1.unref()
    })
    return port2
  }
}
