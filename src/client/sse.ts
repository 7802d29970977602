/** Server-sent events of an answer, as https://html.spec.whatwg.org/multipage/server-sent-events.html reads them. */
export interface SseBlock {
  readonly event: string
  /** The last id so far; undefined before the first. */
  readonly id: string | undefined
  /** Empty where there is none: then only the id is news. */
  readonly data: string
  readonly retry: number | undefined
}

export async function* readSse(response: Response): AsyncGenerator<SseBlock, void> {
  let id: string | undefined
  let rest = ''
  const decoder = new TextDecoder()
  for await (const bytes of toChunks(response)) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split(/\r\n\r\n|\n\n|\r\r/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = toFields(block)
      id = fields.get('id') ?? id
      const retry = fields.get('retry')
      yield {
        event: fields.get('event') ?? 'message',
        id,
        data: fields.get('data') ?? '',
        retry: retry !== undefined && /^\d+$/.test(retry) ? Number(retry) : undefined,
      }
    }
  }
}

function toFields(block: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, name, value = ''] = /^([^:]+)(?:: ?(.*))?$/s.exec(line) ?? []
    if (name === undefined) continue
    const before = name === 'data' ? fields.get('data') : undefined
    fields.set(name, before === undefined ? value : `${before}\n${value}`)
  }
  return fields
}

/** A body is no async iterable in every browser. Who stops reading closes the connection. */
async function* toChunks({ body }: Response): AsyncGenerator<Uint8Array, void> {
  const reader = body?.getReader()
  if (!reader) return
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
