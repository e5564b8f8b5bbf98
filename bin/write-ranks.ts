/** Part of `npm run build`: the ranks of the tokenizer as JSON, which is read a third faster than the module that they come in. */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { RANKS_FILE } from '../src/tokens.ts'

const { default: ranks } = createRequire(import.meta.url)('gpt-tokenizer/bpeRanks/o200k_base') as { default: unknown }
writeFileSync(RANKS_FILE, JSON.stringify(ranks))
