// refused: rooms-are-apart
export const load = () => import('../spool/line.ts')
