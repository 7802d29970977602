/** A host's page that shows the piece its address asks for: `#` and JSON of its name, the key and its props. */
import { createClient } from 'daybook/client'
import {
  DaybookEvent,
  DaybookEvents,
  DaybookProvenance,
  DaybookSession,
  DaybookStatistics,
  DaybookTrace,
} from 'daybook/react'
import 'daybook/react.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Conversation } from './conversation.jsx'

const PIECES = {
  Conversation,
  DaybookEvent,
  DaybookEvents,
  DaybookProvenance,
  DaybookSession,
  DaybookStatistics,
  DaybookTrace,
}

globalThis.opened = []
globalThis.refusals = []

const { piece, token, isRouted, ...props } = JSON.parse(decodeURIComponent(location.hash.slice(1)))
const client = createClient({ baseUrl: new URL('/daybook', location.href), key: token })
const Piece = PIECES[piece]
const given = piece === 'Conversation' ? { token } : { client, onRefusal: ({ status }) => refusals.push(status) }
if (isRouted) given.onOpen = (place) => opened.push(place)

createRoot(document.getElementById('piece')).render(
  <StrictMode>
    <Piece {...given} {...props} />
  </StrictMode>,
)
