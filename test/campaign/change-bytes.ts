/** Bytes as they come from who means harm, or from a line that is bad: cut, doubled, flipped, filled, glued together. */
import type { Maker } from '../capture/otlp/exports.ts'

/** Those that mean something: tags, lengths, ends of varints, the marks of JSON, of queries and of lines. */
const BYTES = [
  ...[0x00, 0x01, 0x08, 0x0a, 0x12, 0x2a, 0x32, 0x7f, 0x80, 0xff, 0x22, 0x5b, 0x5d, 0x7b, 0x7d, 0x2c, 0x5c, 0xc0],
  ...[0x20, 0x25, 0x26, 0x2b, 0x2d, 0x30, 0x3d, 0x61],
]

/** None, one, or several changes. */
export function changeSome(maker: Maker, another: () => Buffer): Buffer {
  let body = another()
  for (let changes = maker.between(0, 4); changes > 0; changes--) body = changeBytes(maker, body, another)
  return body
}

/** One change of the body; `another` makes one to be glued to it. */
function changeBytes(maker: Maker, body: Buffer, another: () => Buffer): Buffer {
  const at = maker.between(0, body.length)
  const to = Math.min(body.length, at + maker.between(1, 40))
  const some = () => Buffer.from(Array.from({ length: maker.between(1, 12) }, () => maker.pick(BYTES)))
  const [head, part, rest] = [body.subarray(0, at), body.subarray(at, to), body.subarray(to)]
  return maker.pick([
    () => Buffer.concat([head, some(), body.subarray(at)]),
    () => Buffer.concat([head, some(), rest]),
    () => Buffer.concat([head, rest]),
    () => head,
    () => Buffer.concat([head, ...Array(maker.between(2, 200)).fill(part), rest]),
    () => Buffer.concat([head, Buffer.alloc(maker.between(1, 2_000), maker.pick(BYTES)), rest]),
    () => Buffer.concat([head, another().subarray(maker.between(0, 200))]),
    () => Buffer.concat([head, part.map((byte) => byte ^ (1 << maker.between(0, 7))), rest]),
  ])()
}
