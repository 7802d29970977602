// refused: imports-are-literal
export const load = (name: string) => import(`./${name}.ts`)
