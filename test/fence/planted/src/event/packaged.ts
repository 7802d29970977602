// refused: event-imports-nothing
import type { Document } from 'yaml'

export type Text = Document
