/** What a host does with its responses, to be done with the capture and without it. */
import type { Express, RequestHandler } from 'express'

export interface Scenario {
  readonly name: string
  /** Mounts the capture, or what stands for it, where it pleases. */
  readonly build: (app: Express, capture: RequestHandler) => void
  /** What is said on the socket, as requests that end with an empty line. */
  readonly asks: readonly string[]
  /** Found in the answers, so that a scenario which does nothing is not taken for a harmless one. */
  readonly proof: string
}

export const ask = (method: string, path: string, ...headers: string[]): string =>
  [`${method} ${path} HTTP/1.1`, 'Host: test', 'Connection: close', ...headers, '', ''].join('\r\n')

export const scenario = (
  name: string,
  proof: string,
  routes: (app: Express) => void,
  ...asks: readonly string[]
): Scenario => ({
  name,
  proof,
  build: (app, capture) => {
    app.set('env', 'production')
    app.use(capture)
    routes(app)
  },
  asks: asks.length > 0 ? asks : [ask('GET', '/')],
})

export const at = (handler: RequestHandler): ((app: Express) => void) => {
  return (app) => void app.all('/', handler)
}
