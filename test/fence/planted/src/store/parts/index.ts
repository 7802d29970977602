// refused: no-folder-index
export { open } from '../orm.ts'
