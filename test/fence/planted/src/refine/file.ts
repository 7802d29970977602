// refused: files-have-owners
import { readFile } from 'node:fs/promises'

export const load = () => readFile('rules.json')
