import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import { type Book, BookProvider } from '../book.ts'
import type { Client, Refusal } from '../client.ts'
import { type Leading, PieceProvider } from '../piece.ts'
import { useIsVisible } from '../use-page-state.ts'

export interface PieceProps extends Leading {
  /** Of `daybook/client`. Make it once: another one begins anew. */
  readonly client: Client
  /** Is told each time that the API says no, such as a 401 when the token has ended. */
  readonly onRefusal?: ((refusal: Refusal) => void) | undefined
  /** @default as the reader's system is */
  readonly theme?: 'light' | 'dark' | undefined
}

interface FrameProps extends PieceProps {
  /** What the address of our page would say. */
  readonly address?: Readonly<Record<string, string>>
  readonly children: ReactNode
}

/** What a view finds on our page, from what a host gives: the API, an address, and where links lead. */
export function Frame({ client, address = NOWHERE, toHref, onOpen, onRefusal, theme, children }: FrameProps) {
  const isVisible = useIsVisible()
  const turn = useTurn(client)
  const told = useRef(onRefusal)
  told.current = onRefusal
  const tell = useCallback((refusal: Refusal | undefined) => refusal && told.current?.(refusal), [])
  const book: Book = useMemo(
    () => ({ client, isVisible, readiness: UNASKED, types: [], onRefusal: tell }),
    [client, isVisible, tell],
  )
  return (
    <div className="daybook" data-theme={theme}>
      <PieceProvider value={{ address: new URLSearchParams(address), toHref, onOpen }}>
        <BookProvider key={turn} value={book}>
          {children}
        </BookProvider>
      </PieceProvider>
    </div>
  )
}

const NOWHERE = {}
const UNASKED = { value: undefined, isFailing: false }

/** Another client may see other events: nothing of what the one before it saw stays. */
function useTurn(client: Client): number {
  const [last, setLast] = useState({ client, turn: 0 })
  if (last.client !== client) setLast({ client, turn: last.turn + 1 })
  return last.turn
}
