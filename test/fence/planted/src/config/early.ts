// refused: no-work-at-import
export const port = Number(process.env.PORT)
