/** The Model Context Protocol's own client and server in one process, watched by Traceloop. */
import { expect, test } from '@jest/globals'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { McpInstrumentation } from '@traceloop/instrumentation-mcp'
import { z } from 'zod'
import { createTracing, WAYS } from './tracing.ts'

test('calls of tools over MCP are asked for and answered, and one that fails says so', async () => {
  const tracing = createTracing()
  const instrumentation = new McpInstrumentation()
  instrumentation.setTracerProvider(tracing.provider)
  instrumentation.manuallyInstrument({ Client, Server })
  const server = new McpServer({ name: 'town', version: '1' })
  server.registerTool('weather', { inputSchema: { city: z.string() } }, async ({ city }) => ({
    content: [{ type: 'text', text: `21 in ${city}` }],
  }))
  server.registerTool('broken', {}, async () => {
    throw new Error('no such city')
  })
  const client = new Client({ name: 'guide', version: '1' })
  const [here, there] = InMemoryTransport.createLinkedPair()
  await Promise.all([server.connect(there), client.connect(here)])
  await client.callTool({ name: 'weather', arguments: { city: 'Paris' } })
  await client.callTool({ name: 'broken', arguments: {} })
  await client.close()

  for (const way of WAYS) {
    const { types, story } = tracing.tell(way)
    expect(types()).toEqual(['TOOL_REQUEST', 'TOOL_RESULT', 'TOOL_REQUEST', 'TOOL_ERROR'])
    const [asked, answered, , failed] = story()
    expect(asked).toMatchObject({ tool_name: 'weather', payload: { args: { city: 'Paris' } } })
    expect(answered).toMatchObject({ tool_call_id: asked?.tool_call_id, payload: { result: '21 in Paris' } })
    expect(failed).toMatchObject({ tool_name: 'broken', error_code: '_OTHER', payload: { error: 'no such city' } })
  }
})
