/** A server that waits for nobody for ever: Node's own limits, but for those that are minutes. */
import { createServer, type RequestListener, type Server } from 'node:http'
import { SERVER } from './config/defaults.ts'

export interface ServerLimits {
  /** Longest time until all headers of a request are there. */
  readonly headersMs: number
  /** Longest time until all of a request is there; an app around us may take files. */
  readonly requestMs: number
  /** Pause between two looks for those that are late. */
  readonly checkMs: number
}

export const createHttpServer = (
  listener: RequestListener,
  { headersMs, requestMs, checkMs }: ServerLimits = SERVER,
): Server =>
  createServer({ headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: checkMs }, listener)
