/**
 * How many different values there were, without keeping them (HyperLogLog): of each value's hash 12 bits choose a place,
 * and the place keeps the longest run of zeros that the rest of a hash began with. As text: a character a place.
 */

const BITS = 12
const PLACES = 2 ** BITS
const REST_BITS = 64 - BITS
/** Three times the standard error, 1.04 / √4096. */
export const DISTINCT_ERROR = 0.05

export type Distinct = Uint8Array

export const createDistinct = (): Distinct => new Uint8Array(PLACES)

const toHash = (column: string): string => `hashtextextended(${column}, 0)`
export const toPlaceSql = (column: string): string => `(${toHash(column)} & ${PLACES - 1})::int`
/** 1 for a rest that begins with a one. */
export const toRunSql = (column: string): string =>
  `coalesce(nullif(position(B'1' in (${toHash(column)} >> ${BITS})::bit(${REST_BITS})), 0), ${REST_BITS + 1})`

export function addPlace(to: Distinct, place: number, run: number): void {
  if (run > (to[place] ?? 0)) to[place] = run
}

const FIRST = '0'.charCodeAt(0)

export const toDistinctText = (distinct: Distinct): string =>
  distinct.some((run) => run > 0) ? String.fromCharCode(...distinct.map((run) => run + FIRST)) : ''

export function addDistinctText(to: Distinct, text: string): void {
  for (let place = 0; place < text.length; place++) addPlace(to, place, text.charCodeAt(place) - FIRST)
}

const ALPHA = 0.7213 / (1 + 1.079 / PLACES)

export function countDistinct(distinct: Distinct): number {
  let sum = 0
  let empty = 0
  for (const run of distinct) {
    sum += 2 ** -run
    if (run === 0) empty++
  }
  const estimate = (ALPHA * PLACES ** 2) / sum
  // While places are free, their number tells it better.
  const isFew = estimate <= 2.5 * PLACES && empty > 0
  return Math.round(isFew ? PLACES * Math.log(PLACES / empty) : estimate)
}
