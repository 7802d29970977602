// refused: no-work-at-import
export const timer = setInterval(() => undefined, 1000)
