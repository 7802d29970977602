/** What becomes of requests: options that people write. */
import type { Request } from 'express'

/** `/health`, `/static/*`, `POST /login` (path or route template), a RegExp on the path, or a function, which must be quick. */
export type RequestRule = string | RegExp | ((req: Request) => boolean)

/** What becomes of the requests that the middleware sees. */
export interface RequestOptions {
  /** Only these become events. Default: all. */
  readonly include?: readonly RequestRule[]
  /** These never do. What they throw still goes to the error log. Default: none. */
  readonly exclude?: readonly RequestRule[]
  /** Share of the requests that become events, 0 to 1. Failed, denied and slow ones always do. Default 1. */
  readonly sampleRatio?: number
  /**
   * Requests of one address that no route answers and that become events, in a minute; an IPv6 address is its /64. Of
   * more, one in a hundred does, with `metadata.sample_ratio`, so that a flood leaves room for others. 0: all do, as
   * with `arrivals`. Default 600.
   */
  readonly floodPerMinute?: number
  /** Milliseconds from which on a request is slow, which `metadata.slow` says. Default 1000. */
  readonly slowMs?: number
  /** The same for some paths or routes: `{ 'POST /reports': 5000, '/export/*': 30000 }`. The first that matches counts. */
  readonly slowRoutes?: Readonly<Record<string, number>>
  /** Requests with `metadata.sensitive`. Default: admin, log-in, password, token, key, payment, role and export paths. */
  readonly sensitivePaths?: readonly RequestRule[]
  /** Whether requests are looked through for attacks: each that is found is a THREAT_DETECTED. Default true. */
  readonly threats?: boolean
  /**
   * Also an event when a request arrives: API_REQUEST with status in_progress, and API_RESPONSE in its place at the end,
   * so that a request that never ended can be seen. Default false.
   */
  readonly arrivals?: boolean
  /** Requests that log somebody in: AUTH_LOGIN, denied where the answer is a 4xx. Default: none. */
  readonly loginRoutes?: readonly RequestRule[]
  /** Requests that log somebody out: AUTH_LOGOUT. Default: none. */
  readonly logoutRoutes?: readonly RequestRule[]
  /** Names of request headers to keep. Those that hold secrets stay redacted. Default: none. */
  readonly requestHeaders?: readonly string[]
  /** Names of response headers to keep. Default: none. */
  readonly responseHeaders?: readonly string[]
  /** Requests whose body is kept, redacted, as a body parser left it in `req.body`. Default: none. */
  readonly requestBodies?: readonly RequestRule[]
  /** Requests whose response body is kept, redacted, when it is sent at once: JSON, forms and text. Default: none. */
  readonly responseBodies?: readonly RequestRule[]
  /** A body with more bytes is not kept. Default 16384. */
  readonly bodyMaxBytes?: number
}

/** The same with its defaults. */
export type RequestConfig = RequestOptions &
  Required<Pick<RequestOptions, 'bodyMaxBytes' | 'floodPerMinute' | 'slowMs'>>
