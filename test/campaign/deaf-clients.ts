/**
 * Clients that ask for the stream, see that they have it, and never read again: `deaf-clients.ts <port> <key> <count>`. In a
 * process of their own, as those who read would otherwise wait while thousands are told that they were cut off.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const [port, key, count] = process.argv.slice(2)
const sockets: Socket[] = []
for (let i = 0; i < Number(count); i++) {
  const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined)
  sockets.push(socket)
  socket.write(`GET /events/stream HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\n\r\n`)
  const [answer] = await once(socket, 'data')
  socket.pause()
  if (!String(answer).startsWith('HTTP/1.1 200 ')) throw new Error(`No stream for client ${i + 1}: ${answer}`)
}
process.stdout.write(`${sockets.length} are deaf\n`)
// Until it is killed, however many are cut off.
setInterval(() => undefined, 60_000)
