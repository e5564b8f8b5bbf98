import { handleSignals } from '../processes/blocking.ts'
import type { Lines, ParsedSource } from '../types.ts'
import { dialectOf, hasGrammar, languageById } from './languages/index.ts'
import { parseInPool } from './parse-pool.ts'
import { parseSource, syntaxErrors } from './parse-source.ts'
import { keepParsersAtLeast } from './parser-process.ts'
import { TooSlow } from './syntax-tree.ts'

const SHORT = 2000 // characters; the query over the tree of a hostile text of 10,000 takes ten seconds
const HERE_MS = 200 // an honest short text takes some milliseconds
const KEPT_MS = 2000 // a command that parses one text often parses more
const NOTHING: ParsedSource = { doc: null, symbols: [], references: [], gaps: [] }

/**
 * Like parseSource(), but parses a long or slow text in a process of its own. The time for a hostile text grows with the square of its length,
 * and no signal handler runs in a process that parses. A text that is not parsed in time has no definitions.
 */
export async function parseAside(text: string, languageId: string, signal?: AbortSignal): Promise<ParsedSource> {
  return (await parseHere(parseSource, text, languageId, signal)) ?? inChild(text, languageId, signal)
}

/** Like syntaxErrors(), but as parseAside() parses. */
export async function syntaxErrorsAside(
  text: string,
  languageId: string,
  signal?: AbortSignal,
): Promise<readonly Lines[]> {
  return (await parseHere(syntaxErrors, text, languageId, signal)) ?? (await inChild(text, languageId, signal)).gaps
}

/** null: the text is long, takes long, or has a grammar in WebAssembly. */
async function parseHere<T>(
  parse: (text: string, languageId: string, maxMs: number) => T,
  text: string,
  languageId: string,
  signal: AbortSignal | undefined,
): Promise<T | null> {
  // WebAssembly may crash, after which it must not be used again
  if (text.length > SHORT || (hasGrammar(languageId) && languageById(dialectOf(languageId, text)).wasm)) return null
  await handleSignals() // a reply may bring a hundred texts
  signal?.throwIfAborted()
  try {
    return parse(text, languageId, HERE_MS)
  } catch (error) {
    if (error instanceof TooSlow) return null
    throw error
  }
}

async function inChild(text: string, language: string, signal: AbortSignal | undefined): Promise<ParsedSource> {
  keepParsersAtLeast(KEPT_MS)
  let parsed: ParsedSource | null = null
  const job = { key: 0, path: '', language, blob: '', text }
  await parseInPool([job], (result) => (parsed = result.parsed), signal ? { signal } : {})
  return parsed ?? NOTHING
}
