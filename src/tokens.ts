import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from './assets.ts'
import { openRanks, type RankOf } from './token-ranks.ts'

/** The tokens of o200k_base as the build leaves them (bin/after-build.ts, packRanks). */
export const RANKS_FILE = join(PACKAGE_ROOT, 'dist/o200k_base.bin')

// What tokens are made within: the pattern of o200k_base in tiktoken (openai_public.py, MIT).
const MARK = String.raw`[^\r\n\p{L}\p{N}]?`
const UPPER = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`
const LOWER = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`
const ENDING = `(?:'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE]))?`
const WORD = new RegExp(
  String.raw`${MARK}${UPPER}*${LOWER}+${ENDING}|${MARK}${UPPER}+${LOWER}*${ENDING}|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`,
  'gu',
)

// A word is merged in quadratic time; pieces of this size stay linear (a run of 100,000 equal letters is one word).
const PIECE = 4000
const ENCODER = new TextEncoder()
const bytes = new Uint8Array(PIECE * 3)

// Counts of words, which repeat. A longer word is to V8 a view of its text, and would keep that in memory.
const MOST_KNOWN = 50_000
const SHORT = 12
const counts = new Map<string, number>()
let rankOf: RankOf | undefined

/**
 * Tokens of `text` in o200k_base, by byte pair encoding (Sennrich et al. 2016) in a table that is ready when it is read (2 ms): of the tokenizers that npm has
 * none is ready within 180 ms, a third of a `context`. Text over 4,000 characters is counted in pieces: within one token a piece of the whole.
 */
export function countTokens(text: string): number {
  let total = 0
  for (let at = 0; at < text.length; at += PIECE) {
    for (const word of text.slice(at, at + PIECE).match(WORD) ?? []) total += countWord(word)
  }
  return total
}

function countWord(word: string): number {
  let count = counts.get(word)
  if (count !== undefined) return count
  rankOf ??= openRanks(readFileSync(RANKS_FILE))
  count = mergeBytes(ENCODER.encodeInto(word, bytes).written, rankOf)
  if (counts.size >= MOST_KNOWN) counts.clear()
  if (word.length <= SHORT) counts.set(word, count)
  return count
}

// Tokens of the first `length` of `bytes`: the two neighbours that are the token of lowest rank become one, until no two are a token.
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
