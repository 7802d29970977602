// refused: no-top-level-await
export const value = await Promise.resolve(1)
