// refused: no-work-at-import
export const table = (() => new Map())()
