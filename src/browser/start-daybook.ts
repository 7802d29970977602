/**
 * Door "./browser": what goes wrong in a page → `POST /errors`, and the page's trace on its requests. It stands alone, is
 * under 2 kB when minified, and never throws: whatever fails in here is not the page's problem.
 */

export interface BrowserOptions {
  /** Where Daybook is mounted, without a slash at the end. Default `/daybook`. */
  readonly url?: string
  /** False leaves `fetch` and XMLHttpRequest alone, so that the app's events don't have the page's trace. */
  readonly traceparent?: boolean
  /** On every error of the page. */
  readonly release?: string
  readonly session_id?: string
  readonly project_id?: string
  readonly run_id?: string
}

export interface BrowserDaybook {
  /** 32 hex digits, of this load of the page. */
  readonly traceId: string
  /** Reports an error that was caught, with at most 20 members of your own. Never throws. */
  readonly report: (error: unknown, detail?: Readonly<Record<string, unknown>>) => void
  /** Puts everything back as it was. */
  readonly stop: () => void
}

/** A page that fails in a loop is heard this often. */
const MAX_REPORTS = 20
/** Within what `POST /errors` takes, also where a character has three bytes. */
const MAX_BODY_CHARS = 10_000

export function startDaybook(options: BrowserOptions = {}): BrowserDaybook {
  const { url = '/daybook', traceparent = true, ...fields } = options
  const traceId = toHex(16)
  const { fetch } = window
  const reported = new Set<string>()
  const undo: (() => void)[] = []
  let isOn = true

  const send = (thrown: unknown, handled: boolean, detail?: object): void => {
    try {
      const { name, message = thrown, stack } = Object(thrown)
      const error = {
        error_type: cut(name || 'Error', 100),
        message: cut(message, 1_000, ' '),
        stack: stack && cut(stack, 6_000, '\n'),
      }
      const key = JSON.stringify(error)
      if (!isOn || reported.size >= MAX_REPORTS || reported.has(key)) return
      reported.add(key)
      const toBody = (detail?: object): string =>
        JSON.stringify({
          ...fields,
          ...error,
          handled,
          detail,
          trace_id: traceId,
          endpoint: cut(location.pathname, 500),
        })
      const body = attempt(() => toBody(detail))
      post(body && body.length < MAX_BODY_CHARS ? body : toBody())
    } catch {}
  }

  /** As text, which asks no other origin for leave first. */
  const post = (body: string): unknown =>
    navigator.sendBeacon?.(`${url}/errors`, body) ||
    fetch(`${url}/errors`, { method: 'POST', body, keepalive: true }).catch(() => {})

  const onError = ({ error, message }: ErrorEvent): void => send(error ?? message, false)
  const onRejection = ({ reason }: PromiseRejectionEvent): void => send(reason, false)
  addEventListener('error', onError)
  addEventListener('unhandledrejection', onRejection)

  const toTraceparent = (): string => `00-${traceId}-${toHex(8)}-01`

  /** Puts another function in a function's place until `stop`, or for good where somebody did the same after us. */
  const replace = <T extends object, N extends keyof T>(target: T, name: N, make: (real: T[N]) => T[N]): void => {
    const real = target[name]
    const ours = make(real)
    target[name] = ours
    undo.push(() => {
      if (target[name] === ours) target[name] = real
    })
  }

  /** What `fetch` itself makes of its arguments first, with the header; the arguments themselves when it has no place. */
  const toTraced = (args: Parameters<typeof fetch>): Parameters<typeof fetch> =>
    attempt((): Parameters<typeof fetch> | undefined => {
      if (!isOn || !isSameOrigin((args[0] as Request).url ?? args[0])) return
      const request = new Request(...args)
      if (!request.headers.has('traceparent')) request.headers.set('traceparent', toTraceparent())
      return [request]
    }) ?? args

  if (traceparent) {
    replace(
      window,
      'fetch',
      (real) =>
        function (this: unknown, ...args) {
          return real.apply(this as never, toTraced(args))
        },
    )
    // Opened to this origin, and without a header of the page's own.
    const untraced = new WeakSet<XMLHttpRequest>()
    const { prototype } = XMLHttpRequest
    replace(
      prototype,
      'open',
      (real) =>
        function (this: XMLHttpRequest, ...args: unknown[]) {
          real.apply(this, args as never)
          untraced[attempt(() => isSameOrigin(args[1])) ? 'add' : 'delete'](this)
        },
    )
    replace(
      prototype,
      'setRequestHeader',
      (real) =>
        function (this: XMLHttpRequest, ...args) {
          real.apply(this, args)
          if (/^traceparent$/i.test(args[0])) untraced.delete(this)
        },
    )
    replace(
      prototype,
      'send',
      (real) =>
        function (this: XMLHttpRequest, ...args) {
          if (isOn && untraced.has(this)) attempt(() => this.setRequestHeader('traceparent', toTraceparent()))
          real.apply(this, args)
        },
    )
  }

  return {
    traceId,
    report: (error, detail) => send(error, true, detail),
    stop: () => {
      isOn = false
      removeEventListener('error', onError)
      removeEventListener('unhandledrejection', onRejection)
      for (const put of undo) put()
    },
  }
}

const toHex = (bytes: number): string =>
  [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** Cut at the last of `at`: half of a secret would not be known as one. */
const cut = (value: unknown, max: number, at = ''): string => {
  const text = String(value)
  return text.length > max ? text.slice(0, Math.max(0, text.lastIndexOf(at, max))) : text
}

const isSameOrigin = (url: unknown): boolean => new URL(url as string, document.baseURI).origin === location.origin

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
