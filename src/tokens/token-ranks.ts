const SLOTS = 2 ** 19
const NONE = Number.POSITIVE_INFINITY

/** The rank of the token bytes[from, to); Infinity if these bytes are no token. */
export type RankOf = (bytes: Uint8Array, from: number, to: number) => number

/**
 * Packs the tokens of a byte pair encoding into a hash table that is used without unpacking. Layout: the number of ranks; the slots (0, or
 * rank + 1; a collision moves to the next free slot); the end offset of each rank's bytes; the bytes. 4 MB for o200k_base.
 */
export function packRanks(tokens: readonly Uint8Array[]): Uint8Array {
  const slots = new Uint32Array(SLOTS)
  const ends = new Uint32Array(tokens.length)
  let end = 0
  for (const [rank, token] of tokens.entries()) {
    let slot = hash(token, 0, token.length)
    while (slots[slot] !== 0) slot = (slot + 1) % SLOTS
    slots[slot] = rank + 1
    ends[rank] = end += token.length
  }
  return Buffer.concat([
    new Uint8Array(Uint32Array.of(tokens.length).buffer),
    new Uint8Array(slots.buffer),
    new Uint8Array(ends.buffer),
    ...tokens,
  ])
}

/**
 * Opens a table of packRanks() without a copy. A lookup takes O(length). packed: must begin at a multiple of four bytes, as a large file
 * does when it is read whole.
 */
export function openRanks(packed: Uint8Array): RankOf {
  const words = new Uint32Array(packed.buffer, packed.byteOffset, Math.floor(packed.length / 4))
  const endsAt = 1 + SLOTS
  const bytesAt = (endsAt + (words[0] ?? 0)) * 4
  return (bytes, from, to) => {
    for (let slot = hash(bytes, from, to); ; slot = (slot + 1) % SLOTS) {
      const rank = (words[1 + slot] as number) - 1
      if (rank < 0) return NONE
      const start = rank === 0 ? 0 : (words[endsAt + rank - 1] as number)
      if ((words[endsAt + rank] as number) - start !== to - from) continue
      let at = from
      while (at < to && packed[bytesAt + start + at - from] === bytes[at]) at++
      if (at === to) return rank
    }
  }
}

// FNV-1a.
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c9dc5
  for (let i = from; i < to; i++) value = Math.imul(value ^ (bytes[i] as number), 0x01000193)
  return (value >>> 0) % SLOTS
}
