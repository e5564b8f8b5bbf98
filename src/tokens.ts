import { createRequire } from 'node:module'

// gpt-tokenizer takes seconds on one long run of equal letters (seen: 7 s for 100k); pieces of this size stay linear.
const PIECE = 4000

type Encoder = { countTokens(text: string, options: { disallowedSpecial: Set<string> }): number }
let encoder: Encoder | undefined

/** Loads gpt-tokenizer now (about 110 ms), where there is time for it. */
export function loadTokenizer(): Encoder {
  encoder ??= createRequire(import.meta.url)('gpt-tokenizer/encoding/o200k_base') as Encoder
  return encoder
}

/** Tokens of `text` in o200k_base, counted with gpt-tokenizer (loaded on first use). Text over 4,000 characters is counted in pieces: within one token a piece of the whole. */
export function countTokens(text: string): number {
  const { countTokens: count } = loadTokenizer()
  let total = 0
  for (let at = 0; at < text.length; at += PIECE) {
    total += count(text.slice(at, at + PIECE), { disallowedSpecial: new Set() })
  }
  return total
}
