// refused: no-inline-import-type
export const take = (orm: import('./orm.ts').Orm) => orm
