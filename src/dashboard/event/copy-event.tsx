import type { EventRow } from '../client.ts'
import { CopyButton } from '../copy-button.tsx'
import { toJson } from '../format.ts'

export const CopyEvent = ({ event }: { readonly event: EventRow }) => (
  <>
    <CopyButton text={toJson(event)} label="Copy JSON" />
    <CopyButton text={toCurl(event.id)} label="Copy curl" />
  </>
)

/** The key stays out of it: what is copied is pasted anywhere. */
const toCurl = (id: string): string =>
  `curl -H "X-API-Key: $DAYBOOK_KEY" '${new URL(`events/${encodeURIComponent(id)}`, new URL('.', document.baseURI))}'`
