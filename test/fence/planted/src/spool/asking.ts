// refused: client-is-for-outsiders
import { client } from '../client/client.ts'

export const asking = client
