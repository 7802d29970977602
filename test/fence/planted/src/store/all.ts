// refused: no-export-all
export * from './orm.ts'
