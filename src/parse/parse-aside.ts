import { handleSignals } from '../processes/blocking.ts'
import type { Lines, ParsedSource } from '../types.ts'
import { prepareGrammar } from './grammar.ts'
import { dialectOf, hasGrammar, languageById } from './languages/index.ts'
import { parseInPool } from './parse-pool.ts'
import { parseSource, syntaxErrors } from './parse-source.ts'
import { keepParsersAtLeast } from './parser-process.ts'

// Characters; the slowest text known takes a third of a second in this process.
const SHORT = 10_000
const SHORT_WASM = 2000
const KEPT_MS = 2000 // a command that parses one text often parses more
const MAX_BYTES = 1_000_000_000 // limits files, which these texts are not; always the same, so that an idle parser can be used again
const NOTHING: ParsedSource = { doc: null, symbols: [], references: [], gaps: [] }

/**
 * Like parseSource(), but parses a long text in a process of its own. The time for a hostile text grows with the square of its length, and no
 * signal handler runs in a process that parses. A text that is not parsed in time has no definitions.
 */
export async function parseAside(text: string, languageId: string, signal?: AbortSignal): Promise<ParsedSource> {
  if (isQuick(text, languageId)) return here(() => parseSource(text, languageId), text, languageId, signal)
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
  return here(() => syntaxErrors(text, languageId), text, languageId, signal)
}

/** Handlers of signals run before each text: a reply may bring a hundred. */
async function here<T>(parse: () => T, text: string, languageId: string, signal: AbortSignal | undefined): Promise<T> {
  await handleSignals()
  signal?.throwIfAborted()
  await prepareGrammar(text, languageId)
  return parse()
}

function isQuick(text: string, languageId: string): boolean {
  if (!hasGrammar(languageId)) return true
  if (text.length > SHORT) return false
  return text.length <= SHORT_WASM || !languageById(dialectOf(languageId, text)).wasm
}
