/** What a user agent says of itself in a few words: `Chrome on Windows, desktop` · `Googlebot, bot` · `curl, program`. */
import { parse } from 'bowser'
import { remembering } from './remembering.ts'

/** Longer than any browser's; what is behind it would only take time. */
const MAX_AGENT_CHARS = 512
const NAME = /^[\w.+-]{1,64}/
const BOT = /bot\b|crawl|spider|headless|https?:\/\//i

export const toDevice = remembering(readAgent, (agent) => agent.length <= MAX_AGENT_CHARS)

/** Without versions: a browser that was updated is the same device. Undefined for a text that says nothing. */
function readAgent(agent: string): string | undefined {
  const text = agent.slice(0, MAX_AGENT_CHARS)
  if (text === '') return undefined
  const { browser, os, platform } = parse(text)
  // Of a program it does not know, bowser takes all up to the last slash for the name.
  const name = (browser.name || NAME.exec(text)?.[0])?.split('/', 1)[0]
  if (!name) return undefined
  if (platform.type === 'bot' || BOT.test(text)) return `${name}, bot`
  if (!platform.type) return os.name ? `${name} on ${os.name}` : `${name}, program`
  const kind = platform.type === 'mobile' ? 'phone' : platform.type
  return os.name ? `${name} on ${os.name}, ${kind}` : `${name}, ${kind}`
}
