// refused: database-in-store
export const load = () => import('@electric-sql/pglite')
