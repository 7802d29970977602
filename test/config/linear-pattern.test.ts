import { expect, test } from '@jest/globals'
import { toPatternProblem } from '../../src/config/linear-pattern.ts'
import { resolveConfig } from '../../src/config/resolve.ts'

test.each([
  /EMP-\d{6}/,
  /\b[A-Z]{2}\d{2}(?:[A-Z0-9]{4}){3}/,
  /(?<![A-Z])DE\d{20}/g,
  /acme_(?:live|test)_[a-z0-9]{20,}/i,
  /[\w.]{1,64}@acme\.example/,
  /note: .+|secret: .*/,
  /\p{Lu}{2}\d?/u,
])('%s is taken', (pattern) => {
  expect(toPatternProblem(pattern)).toBeUndefined()
})

test.each([
  [/(a+)+$/, /not the last/],
  [/(?:a{1,30}){1,30}/, /inside of a repeat/],
  [/(?:a|a){1,30}b/, /inside of a repeat/],
  [/(?:a?a){1,30}b/, /inside of a repeat/],
  [/a+b/, /not the last/],
  [/note: .+$/, /not the last/],
  [/\s*$/, /not the last/],
  [/(a)\1/, /refers back/],
  [/(?<n>a)\k<n>/, /refers back/],
  [/(?=a*)b/, /looks ahead/],
  [/x{0,1000}y{0,1000}z/, /too many ways/],
  [/(?:a{2,}){2}/, /inside of a repeat|not the last/],
])('%s is refused, and why is said', (pattern, problem) => {
  expect(toPatternProblem(pattern)).toMatch(problem)
})

test('a pattern that could take too long stops the start, and names its place', () => {
  expect(() => resolveConfig({ redactPatterns: [/EMP-\d{6}/, /(a+)+$/] }, {})).toThrow(
    /redactPatterns: number 2 could take too long: a repeat without end is not the last of it/,
  )
})
