// refused: no-work-at-import
import * as fs from 'node:fs'

export const text = fs.readFileSync('line', 'utf8')
