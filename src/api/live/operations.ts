/** The operations that go on for long, over one set of guests. */
import type { Request } from 'express'
import type { ApiParts } from '../../event/ports/api.ts'
import type { Viewer } from '../../event/viewer.ts'
import type { Handlers, Pours } from '../call.ts'
import { createExport } from './export.ts'
import { createGetFile, createListFiles } from './files.ts'
import { createGuests, type GuestOptions } from './guests.ts'
import { createLive, type LiveOptions as FollowOptions } from './live.ts'
import { createReplay } from './replay.ts'
import { createSockets, type Sockets } from './sockets.ts'
import { createStream } from './stream.ts'

export interface LiveRules extends FollowOptions, Omit<GuestOptions, 'viewerOf'> {
  /** Rows of one page of an export. */
  readonly exportRows: number
  /** Of whom the daily files are. */
  readonly ownTenant: string
}

export interface LiveOptions extends LiveRules {
  readonly viewerOf: (req: Request) => Promise<Viewer>
}

export interface LiveOperations {
  readonly handlers: Handlers
  readonly pours: Pours
  readonly sockets: Sockets
  /** Ends every stream and export. */
  close(): void
}

export function createLiveOperations(parts: ApiParts, options: LiveOptions): LiveOperations {
  const guests = createGuests(options)
  const live = createLive(parts.feed, parts.onStored, options)
  const sockets = createSockets()
  const own = { ...parts, guests, ownTenant: options.ownTenant }
  return {
    sockets,
    handlers: { listFiles: createListFiles(own) },
    pours: {
      streamEvents: createStream({ live, guests, sockets, asStored: parts.asStored }),
      exportEvents: createExport({ ...own, pageRows: options.exportRows }),
      getFile: createGetFile(own),
      replaySession: createReplay(own, options),
    },
    close() {
      guests.close()
      live.close()
    },
  }
}
