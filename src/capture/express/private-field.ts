/**
 * Values kept on the host's objects in a private field, which no code but this can see, list or copy, and which costs a
 * fraction of a WeakMap.
 */

class Given {
  constructor(target: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the field is put on an object that is there already
    return target
  }
}

export interface PrivateField<T> {
  read(target: object): T | undefined
  keep(target: object, value: T): void
}

export function createPrivateField<T>(): PrivateField<T> {
  return class Kept extends Given {
    #value: T

    constructor(target: object, value: T) {
      super(target)
      this.#value = value
    }

    static read(target: object): T | undefined {
      return #value in target ? target.#value : undefined
    }

    static keep(target: object, value: T): void {
      if (#value in target) target.#value = value
      else new Kept(target, value)
    }
  }
}
