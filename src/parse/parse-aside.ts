import type { Lines, ParsedSource } from '../types.ts'
import { prepareGrammar } from './grammar.ts'
import { hasGrammar } from './languages/index.ts'
import { parseInPool } from './parse-pool.ts'
import { parseSource, syntaxErrors } from './parse-source.ts'
import { keepParsersAtLeast } from './parser-process.ts'

const SHORT = 16_000 // characters; the slowest text known takes half a second
const KEPT_MS = 2000 // a command that parses one text often parses more
const MAX_BYTES = 1_000_000_000 // limits files, which these texts are not; always the same, so that an idle parser can be used again
const NOTHING: ParsedSource = { doc: null, symbols: [], references: [], gaps: [] }

/**
 * Like parseSource(), but parses a long text in a process of its own. The time for a hostile text grows with the square of its length, and no
 * signal handler runs in a process that parses. A text that is not parsed in time has no definitions.
 */
export async function parseAside(text: string, languageId: string, signal?: AbortSignal): Promise<ParsedSource> {
  if (isQuick(text, languageId)) {
    await prepareGrammar(text, languageId)
    return parseSource(text, languageId)
  }
  keepParsersAtLeast(KEPT_MS)
  let parsed: ParsedSource | null = null
  const job = { key: 0, path: '', language: languageId, blob: '', text }
  await parseInPool([job], (result) => (parsed = result.parsed), { maxBytes: MAX_BYTES, ...(signal && { signal }) })
  return parsed ?? NOTHING
}

/** Like syntaxErrors(), but as parseAside() parses. */
export async function syntaxErrorsAside(
  text: string,
  languageId: string,
  signal?: AbortSignal,
): Promise<readonly Lines[]> {
  if (!isQuick(text, languageId)) return (await parseAside(text, languageId, signal)).gaps
  await prepareGrammar(text, languageId)
  return syntaxErrors(text, languageId)
}

const isQuick = (text: string, languageId: string) => text.length <= SHORT || !hasGrammar(languageId)
