/** Choices that can be made again: the same numbers give the same choices, whatever the machine does meanwhile. */
export interface Random {
  /** From 0 up to and without 1. */
  next(): number
  /** A whole number, both ends included. */
  between(min: number, max: number): number
  chance(probability: number): boolean
}

/** `mulberry32` over a mix of the numbers: which seed, which round, which id. */
export function createRandom(...numbers: readonly number[]): Random {
  let state = numbers.reduce((mixed, number) => mix(mixed ^ number), 0x9e3779b9)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    between: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
  }
}

function mix(number: number): number {
  let h = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
