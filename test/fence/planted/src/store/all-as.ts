// refused: no-export-all
export * as orm from './orm.ts'
