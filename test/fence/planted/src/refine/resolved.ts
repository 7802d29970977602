// refused: rooms-are-apart
import { read } from '../config/read.ts'

export const values = () => read()
