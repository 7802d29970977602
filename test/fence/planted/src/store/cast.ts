// refused: environment-in-config
export const port = () => (globalThis.process as NodeJS.Process).env.PORT
