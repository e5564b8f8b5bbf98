import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../assets.ts'
import { openRanks, type RankOf } from './token-ranks.ts'

/** The tokens of o200k_base, written by the build (bin/after-build.ts, packRanks). */
export const RANKS_FILE = join(PACKAGE_ROOT, 'dist/o200k_base.bin')

// Splits text into words; a token never crosses a word. The pattern of o200k_base in tiktoken (openai_public.py, MIT).
const MARK = String.raw`[^\r\n\p{L}\p{N}]?`
const UPPER = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`
const LOWER = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`
const ENDING = `(?:'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE]))?`
const WORD = new RegExp(
  String.raw`${MARK}${UPPER}*${LOWER}+${ENDING}|${MARK}${UPPER}+${LOWER}*${ENDING}|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  'gu',
)

// A run of 100,000 equal letters is one word, so text is counted in pieces of this size.
const PIECE = 4000
const MOST_COUNTED = 1_000_000 // characters
const ENCODER = new TextEncoder()
const bytes = new Uint8Array(PIECE * 3)

// Cached counts of words, since words repeat. Longer words are not cached: in V8 they are slices that keep their whole text in memory.
const MOST_KNOWN = 50_000
const SHORT = 12
const counts = new Map<string, number>()
let rankOf: RankOf | undefined

/**
 * Tokens of `text` in o200k_base, by byte pair encoding (Sennrich et al. 2016). The table is ready after 2 ms; no tokenizer on npm is ready
 * within 180 ms, a third of a `context`. A text over 4,000 characters is counted in pieces. The count may then be off by one token per
 * piece. Beyond a million characters, two characters count as a token, so that no text takes seconds: code has fewer tokens, Chinese text may
 * have more.
 */
export function countTokens(text: string): number {
  return countAllTokens([text])
}

/** Like countTokens() of several texts, which share the million characters. */
export function countAllTokens(texts: readonly string[]): number {
  let total = 0
  let left = MOST_COUNTED
  let beyond = 0 // characters
  for (const text of texts) {
    const end = Math.min(text.length, left)
    for (let at = 0; at < end; at += PIECE)
      for (const word of text.slice(at, Math.min(at + PIECE, end)).match(WORD) ?? []) total += countWord(word)
    left -= end
    beyond += text.length - end
  }
  return total + Math.ceil(beyond / 2)
}

function countWord(word: string): number {
  let count = counts.get(word)
  if (count !== undefined) return count
  rankOf ??= openRanks(readFileSync(RANKS_FILE))
  const { written } = ENCODER.encodeInto(word, bytes)
  count = written <= FEW_BYTES ? mergeBytes(written, rankOf) : mergeLong(written, rankOf)
  if (counts.size >= MOST_KNOWN) counts.clear()
  if (word.length <= SHORT) counts.set(word, count)
  return count
}

// Tokens of the first `length` of `bytes`. Merges the adjacent pair whose token has the lowest rank until no pair is a token.
function mergeBytes(length: number, rankOf: RankOf): number {
  if (rankOf(bytes, 0, length) < Number.POSITIVE_INFINITY) return 1
  const starts = Array.from({ length: length + 1 }, (_, i) => i)
  const rankAt = (i: number) =>
    i + 2 < starts.length ? rankOf(bytes, starts[i] as number, starts[i + 2] as number) : Number.POSITIVE_INFINITY
  const ranks = starts.map((_, i) => rankAt(i))
  for (;;) {
    let best = 0
    for (let i = 1; i < ranks.length; i++) if ((ranks[i] as number) < (ranks[best] as number)) best = i
    if (ranks[best] === Number.POSITIVE_INFINITY) return starts.length - 1
    starts.splice(best + 1, 1)
    ranks.splice(best + 1, 1)
    ranks[best] = rankAt(best)
    if (best > 0) ranks[best - 1] = rankAt(best - 1)
  }
}

const FEW_BYTES = 100 // above this length, scanning all places for each merge is slower than a heap
const PLACES = 2 ** 16 // more than the bytes of a piece

/** Like mergeBytes, in O(n log n): possible merges wait in a heap, lowest rank first, then first place. */
function mergeLong(length: number, rankOf: RankOf): number {
  const next = Int32Array.from({ length: length + 1 }, (_, i) => i + 1) // end of the piece that begins at a place; 0: no piece begins there any more
  const before = Int32Array.from({ length: length + 1 }, (_, i) => i - 1)
  const heap = new MinHeap()
  const offer = (at: number) => {
    const middle = next[at] as number
    if (middle >= length) return
    const rank = rankOf(bytes, at, next[middle] as number)
    if (rank < Number.POSITIVE_INFINITY) heap.push(rank * PLACES + at)
  }
  for (let at = 0; at < length; at++) offer(at)
  let pieces = length
  for (let least = heap.pop(); least !== undefined; least = heap.pop()) {
    const at = least % PLACES
    const middle = next[at] as number
    if (middle === 0 || middle >= length) continue
    const end = next[middle] as number
    if (rankOf(bytes, at, end) !== Math.floor(least / PLACES)) continue // a neighbour has been merged meanwhile
    next[at] = end
    next[middle] = 0
    before[end] = at
    pieces--
    offer(at)
    if (at > 0) offer(before[at] as number)
  }
  return pieces
}

class MinHeap {
  readonly #keys: number[] = []

  push(key: number): void {
    const keys = this.#keys
    let at = keys.length
    keys.push(key)
    for (let above = (at - 1) >> 1; at > 0 && (keys[above] as number) > key; above = (at - 1) >> 1) {
      keys[at] = keys[above] as number
      at = above
    }
    keys[at] = key
  }

  pop(): number | undefined {
    const keys = this.#keys
    const least = keys[0]
    const last = keys.pop()
    if (last === undefined || keys.length === 0) return least
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= keys.length) break
      if (below + 1 < keys.length && (keys[below + 1] as number) < (keys[below] as number)) below++
      if ((keys[below] as number) >= last) break
      keys[at] = keys[below] as number
      at = below
    }
    keys[at] = last
    return least
  }
}
