/**
 * Query string → values by name, as one operation's parameters say. Stricter than the validator, which takes `0x10` for
 * 16, keeps one of two values, and lets names with brackets pass.
 */
import { Fault } from '../event/fault.ts'
import type { Parameter, Schema } from './spec.ts'

type Values = Record<string, string | string[]>

export function createQueryParser(parameters: readonly Parameter[]): (url: string) => Values {
  const readers = new Map(parameters.map(({ name, schema }) => [name, createReader(name, schema)]))
  return (url) => {
    const values: Values = Object.create(null)
    for (const [name, raw] of toPairs(url)) {
      const read = readers.get(name)
      if (!read) throw refuse(name, toUnknown([...readers.keys()]))
      values[name] = read(raw, values[name])
    }
    return values
  }
}

const refuse = (name: string, reason: string): Fault => new Fault('invalid_request', `${name.slice(0, 64)}: ${reason}`)

const toUnknown = (known: readonly string[]): string =>
  known.length > 0 ? `it is none of ${known.join(', ')}.` : 'this address takes no parameters.'

function toPairs(url: string): [name: string, raw: string][] {
  const at = url.indexOf('?')
  const parts = at < 0 ? [] : url.slice(at + 1).split('&')
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=')
      const name = equals < 0 ? part : part.slice(0, equals)
      return [decode('query', name, true), equals < 0 ? '' : part.slice(equals + 1)]
    })
}

type Reader = (raw: string, before: string | string[] | undefined) => string | string[]

function createReader(name: string, schema: Schema): Reader {
  const item = schema.items ?? schema
  const check = (value: string): string => {
    if (value === '') throw refuse(name, 'it is empty; leave it out or give a value.')
    if (value.includes('\0')) throw refuse(name, 'it holds a NUL character.')
    if (item.type === 'integer' && !/^-?\d{1,15}$/.test(value))
      throw refuse(name, 'it must be a whole number in digits.')
    return value
  }
  const isPlusSpace = !canHoldPlus(item)
  const read = (raw: string): string => decode(name, raw, isPlusSpace)
  if (schema.type !== 'array')
    return (raw, before) => {
      if (before !== undefined) throw refuse(name, 'it is given more than once.')
      return check(read(raw))
    }
  const split = canHoldComma(item) ? (raw: string) => raw.split(',').map(read) : (raw: string) => read(raw).split(',')
  return (raw, before = []) => [...before, ...split(raw).map(check)]
}

/** Words and numbers hold no comma, so that one written as %2C separates them too. */
const canHoldComma = (item: Schema): boolean => !item.enum && !item.pattern && item.type !== 'integer'

/** A bare + in a time or a zone, which hold no space, is that of an offset; anywhere else it is a space. */
function canHoldPlus({ format, pattern }: Schema): boolean {
  const fits = (value: string): boolean => pattern !== undefined && new RegExp(pattern).test(value)
  return format === 'date-time' || (fits('+') && !fits(' '))
}

function decode(name: string, raw: string, isPlusSpace: boolean): string {
  try {
    return decodeURIComponent(isPlusSpace ? raw.replaceAll('+', ' ') : raw)
  } catch {
    throw refuse(name, 'it is not valid percent-encoding.')
  }
}
