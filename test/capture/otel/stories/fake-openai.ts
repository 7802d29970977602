/** An OpenAI server on loopback: asks for the tool it is offered, then answers; it has a model that is always busy. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

const WEATHER = { id: 'call_w', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } }

export const TOOLS = [
  {
    type: 'function',
    function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  },
] as const

export async function createFakeOpenAi() {
  const server = createServer(async (request, response) => {
    const body = await read(request)
    const isBusy = body.model === 'busy'
    response.writeHead(isBusy ? 429 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isBusy ? BUSY : request.url?.endsWith('/embeddings') ? VECTORS : complete(body)))
  })
  // A client that keeps its connection must not find it closed just when it asks.
  server.keepAliveTimeout = 300_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

interface Asked {
  readonly model: string
  readonly messages: readonly { readonly role: string }[]
  readonly tools?: readonly unknown[]
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks = await request.toArray()
  return JSON.parse(Buffer.concat(chunks).toString())
}

const BUSY = { error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' } }
const VECTORS = {
  ...{ object: 'list', model: 'vectors', usage: { prompt_tokens: 4, total_tokens: 4 } },
  data: [{ object: 'embedding', index: 0, embedding: [0.25, 0.8642097531] }],
}

function complete({ model, messages, tools }: Asked): object {
  const asksTool = tools !== undefined && messages.at(-1)?.role === 'user'
  const message = asksTool ? { content: null, tool_calls: [WEATHER] } : { content: 'It is 21 degrees.' }
  return {
    ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: `${model}-2026` },
    choices: [
      { index: 0, finish_reason: asksTool ? 'tool_calls' : 'stop', message: { role: 'assistant', ...message } },
    ],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18, prompt_tokens_details: { cached_tokens: 2 } },
  }
}
