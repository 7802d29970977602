/** A file of settings → values by option, in the form that code gives them; what is wrong is noted with the file's path. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Check } from './checks.ts'
import { DEFAULT_CONFIG_FILE } from './defaults.ts'
import { findWrong, toExpected } from './file-check.ts'
import { FILE_MEMBERS, type FileOption } from './file-schema.ts'
import { SERVE_SETTINGS, SETTINGS } from './settings.ts'

export interface FileSettings {
  /** Undefined when there is no file. */
  readonly path: string | undefined
  readonly values: Readonly<Record<string, unknown>>
}

export const NO_FILE: FileSettings = Object.freeze({ path: undefined, values: Object.freeze({}) })

type Note = (problem: string) => void

/** `named`: by whoever runs it. Else the one in the working directory is taken, where there is one. */
export function readFileSettings(named: string | undefined, problems: string[]): FileSettings {
  const path = resolve(named ?? DEFAULT_CONFIG_FILE)
  const note: Note = (problem) => void problems.push(`${path}: ${problem}`)
  const text = readText(path, named !== undefined, note)
  if (text === undefined) return NO_FILE
  const json = parse(text, note)
  return { path, values: json === undefined ? {} : toValues(json, dirname(path), note) }
}

function readText(path: string, isNamed: boolean, note: Note): string | undefined {
  try {
    // Some editors begin a file with a mark of its encoding, which is no JSON.
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    const { code } = Object(error)
    if (code !== 'ENOENT') note(`it can't be read (${code}).`)
    else if (isNamed) note('there is no such file.')
    return undefined
  }
}

function parse(text: string, note: Note): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const lines = text.slice(0, findBreak(text, String(error))).split('\n')
    const column = (lines.at(-1) ?? '').length + 1
    note(
      `no JSON from line ${lines.length}, column ${column} on. It has no comments and no comma before } or ], and text stands in double quotes.`,
    )
    return undefined
  }
}

/** Of a token that it did not expect Node.js shows what stands around it, which may be a secret, and not the place. */
function findBreak(text: string, reason: string): number {
  const [, at] = /at position (\d+)/.exec(reason) ?? []
  if (at !== undefined) return Number(at)
  let [low, high] = [0, text.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (hasBreak(text.slice(0, middle + 1))) high = middle
    else low = middle + 1
  }
  return low
}

function hasBreak(beginning: string): boolean {
  try {
    JSON.parse(beginning)
    return false
  } catch (error) {
    return /Unexpected token/.test(String(error))
  }
}

const CHECKS: Readonly<Record<string, { readonly check: Check<unknown> }>> = { ...SETTINGS, ...SERVE_SETTINGS }

function toValues(json: unknown, folder: string, note: Note): Readonly<Record<string, unknown>> {
  const wrong = findWrong(json)
  for (const { problem } of wrong) note(problem)
  const isRight = ([name]: readonly [string, unknown]): boolean => !wrong.some(({ member }) => member === name)
  const entries = Object.entries(Object(json))
    .filter(([name]) => Object.hasOwn(FILE_MEMBERS, name))
    .filter(isRight)
  return Object.fromEntries(
    entries.map(([name, given]) => {
      const value = toOption(name, given, folder, note)
      const isFit = value === undefined || CHECKS[name]?.check(value) !== undefined
      if (!isFit) note(`${name}: expected ${toExpected(FILE_MEMBERS[name as FileOption])}.`)
      return [name, isFit ? value : undefined]
    }),
  )
}

/** A value in the form that it has in code. Paths begin where the file lies. */
function toOption(name: string, given: unknown, folder: string, note: Note): unknown {
  if (name === 'dir') return resolve(folder, String(given))
  if (name === 'geoDatabase')
    return String(given)
      .split(',')
      .map((path) => resolve(folder, path.trim()))
      .join(',')
  if (name !== 'redactPatterns') return given
  return (given as readonly Pattern[]).map((pattern, at) => toRegExp(pattern, at, note))
}

type Pattern = string | { readonly pattern: string; readonly flags?: string }

function toRegExp(given: Pattern, at: number, note: Note): RegExp {
  const { pattern, flags = '' } = typeof given === 'string' ? { pattern: given } : given
  try {
    return new RegExp(pattern, flags)
  } catch (error) {
    // Before its reason stands the pattern.
    note(`redactPatterns, number ${at + 1}: no regular expression (${String(error).replace(/^.*: /s, '')}).`)
    // The others keep their numbers; nothing starts with it.
    return /(?:)/
  }
}
