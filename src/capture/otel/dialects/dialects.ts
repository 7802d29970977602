/** All dialects, in the order in which their attributes are looked at: the first that says something counts. */
import type { Dialect } from '../dialect.ts'
import { aiSdk } from './ai-sdk.ts'
import { genai } from './genai.ts'
import { http } from './http.ts'
import { langfuse } from './langfuse.ts'
import { mcp } from './mcp.ts'
import { openinference } from './openinference.ts'
import { own } from './own.ts'
import { traceloop } from './traceloop.ts'

export const DIALECTS: readonly Dialect[] = [own, genai, langfuse, http, traceloop, aiSdk, openinference, mcp]
