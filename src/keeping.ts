/** Hallway: refine → spool, and what refine looks things up in. */

import type { Config } from './config/config.ts'
import { readDatabases } from './config/geo-files.ts'
import { SEVERITIES } from './event/columns.ts'
import type { Event, EventText, Identity } from './event/event.ts'
import { toReason } from './event/fault.ts'
import { errorToBytes, eventTextToBytes, eventToBytes } from './event/line.ts'
import type { Sink, SpoolSealed, Twin } from './event/ports/sink.ts'
import type { Spool } from './event/ports/spool.ts'
import type { Places } from './refine/locate.ts'
import type { Refinery } from './refine/refine.ts'

/** Events until then, and all where it fails, have no country. */
export async function loadPlaces(
  places: Places,
  paths: readonly string[],
  onNotice: Config['onNotice'],
): Promise<void> {
  try {
    await places.load(await readDatabases(paths))
  } catch (error) {
    onNotice(`Daybook: geoDatabase can't be used, so events have no country: ${toReason(error)}.`)
  }
}

/** Below `minSeverity` an event is made and not kept. */
export function createSink(
  refinery: Refinery,
  spool: Spool,
  minSeverity: Config['minSeverity'],
): Sink & { readonly sealed: SpoolSealed } {
  const left = new Set<string | undefined>(SEVERITIES.slice(0, SEVERITIES.indexOf(minSeverity)))
  const keeping =
    <D, More, T extends Identity & { readonly severity?: string }>(
      seal: (draft: D, more?: More) => T,
      toBytes: (made: T) => Uint8Array,
    ) =>
    (draft: D, more?: More): T | undefined => {
      try {
        const made = seal(draft, more)
        if (left.has(made.severity)) return made
        return spool.append(toBytes(made)) ? made : undefined
      } catch {
        // A draft that can't even be read: counted with those that were dropped.
        spool.refuse('an event could not be read')
        return undefined
      }
    }
  const event: Sink['event'] = keeping(refinery.seal, eventToBytes)
  const keepText = keeping((text: EventText) => text, eventTextToBytes)
  // Of requests the least is `info`: where that is left out, each is looked at.
  const toText = left.has('info') ? () => undefined : refinery.toRequestText
  return {
    identify: refinery.identify,
    event,
    request(draft, identity) {
      const text = toText(draft, identity)
      return text ? keepText(text) : event(draft, identity)
    },
    error: keeping(refinery.sealError, errorToBytes),
    sealed: keeping((event: Event, twin?: Twin) => (twin ? refinery.twin(event, twin) : event), eventToBytes),
    refuse: spool.refuse,
  }
}
