// refused: files-have-owners
import { readFileSync } from 'fs'

export const load = () => readFileSync('page.html')
