/** What every view needs: the API, and whom to tell that the key is not accepted. */
import { createContext, useContext } from 'react'
import type { Client, EventType, Readiness, Refusal } from './client.ts'
import type { Polled } from './use-polled.ts'

export interface Book {
  readonly client: Client
  readonly isVisible: boolean
  readonly readiness: Polled<Readiness>
  readonly types: readonly EventType[]
  readonly onRefusal: (refusal: Refusal | undefined) => void
}

const BookContext = createContext<Book | undefined>(undefined)
export const BookProvider = BookContext.Provider

export function useBook(): Book {
  const book = useContext(BookContext)
  if (!book) throw new Error('A view stands outside of the book')
  return book
}
