import { readFileSync } from 'node:fs'

export const read = () => [process.env.DIR, readFileSync('options.json')]
