// refused: environment-in-config
export function port() {
  const { env } = process
  return env.PORT
}
