export const size = 2_000
