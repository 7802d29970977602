import { describe, expect, test } from '@jest/globals'
import { FAULTS, Fault, type FaultCode, type Policy, toReason } from '../../src/event/fault.ts'
import { revoked } from '../refine/random.ts'

describe('faults', () => {
  const policies: readonly Policy[] = ['startup', 'shed', 'retry', 'poison', 'caller', 'bug']

  test.each(Object.entries(FAULTS))('%s has the policy %s', (code, policy) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(policies).toContain(policy)
    const cause = new Error('below')
    const fault = new Fault(code as FaultCode, 'what failed, and what to do', { cause })
    expect(fault).toMatchObject({ name: 'Fault', code, policy, message: 'what failed, and what to do', cause })
    expect(fault).toBeInstanceOf(Error)
  })

  test('each policy is some fault’s', () => {
    expect(new Set<Policy>(Object.values(FAULTS))).toEqual(new Set(policies))
  })

  test('of these kinds are told apart as the drain, the API and the start need it', () => {
    expect(FAULTS).toMatchObject({
      invalid_options: 'startup',
      spool_full: 'shed',
      database_unreachable: 'retry',
      row_refused: 'poison',
      line_damaged: 'poison',
      invalid_request: 'caller',
      rows_missing: 'bug',
    })
  })
})

describe('the reason for people', () => {
  const circular = new AggregateError([], 'all')
  circular.errors.push(circular)
  const throwing = (): never => {
    throw new Error('not to be read')
  }
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['an Error', new Error('went wrong'), 'went wrong'],
    ['an Error without message', new TypeError(), 'TypeError'],
    ['an AggregateError', new AggregateError([new Error('first'), new Error('second')], 'all'), 'first'],
    ['an empty AggregateError', new AggregateError([], 'all'), 'all'],
    ['an AggregateError of itself', circular, 'all'],
    ['several lines', new Error('one\n   two\r\n\n three'), 'one two three'],
    ['a text', 'went wrong', 'went wrong'],
    ['null', null, 'null'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['an object without prototype', Object.create(null), 'something that can not be read was thrown'],
    ['an object that throws', { toString: throwing }, 'something that can not be read was thrown'],
    ['a revoked Proxy', revoked({}), 'something that can not be read was thrown'],
    ['an Error with an odd message', Object.assign(new Error('x'), { message: { a: 1 } }), '[object Object]'],
  ]
  test.each(cases)('of %s is one line', (_, thrown, reason) => {
    expect(toReason(thrown)).toBe(reason)
  })
})
