/** A large body in pieces that differ: the same for the same size. */
const PIECE_BYTES = 65_536

export function* toPieces(bytes: number): Generator<Buffer> {
  for (let at = 0; at < bytes; at += PIECE_BYTES) {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, bytes - at), 'daybook ')
    piece.writeUInt32LE(at / PIECE_BYTES)
    yield piece
  }
}
