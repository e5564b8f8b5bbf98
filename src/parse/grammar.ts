import { createRequire } from 'node:module'
import type Parser from 'tree-sitter'
import { readAsset } from '../assets.ts'
import { dialectOf, hasGrammar, type Language, languageById } from './languages/index.ts'
import { type Grammar, type QueryMatch, TooSlow, type Tree } from './syntax-tree.ts'
import { wasmGrammar } from './wasm-grammar.ts'

type ParserClass = typeof Parser

const loaded = new Map<string, Grammar>()
const loading = new Map<string, Promise<Grammar>>()

/**
 * The grammar of a language. Created on first use, mostly for the query (6 ms for C, 70 for TypeScript), then cached. Languages with the same
 * grammar and queries share them. Throws for a WebAssembly grammar that prepareGrammar() has not loaded, which is a bug.
 */
export function grammarOf(id: string): Grammar {
  const language = languageById(id)
  const key = keyOf(language)
  const known = loaded.get(key)
  if (known) return known
  if (language.wasm) throw new Error(`the grammar of '${id}' is used before prepareGrammar() has loaded it`)
  const made = nativeGrammar(language)
  loaded.set(key, made)
  return made
}

/** Loads what grammarOf() needs for this text. Nothing to do for native grammars, and for languages without one. */
export async function prepareGrammar(text: string, languageId: string): Promise<void> {
  if (!hasGrammar(languageId)) return
  const language = languageById(dialectOf(languageId, text))
  const key = keyOf(language)
  if (!language.wasm || loaded.has(key)) return
  if (!loading.has(key)) {
    const [name] = language.grammar
    loading.set(key, wasmGrammar(`${name}/${language.wasm}`, queryOf(language)))
  }
  loaded.set(key, await loading.get(key)!)
}

function nativeGrammar(language: Language): Grammar {
  const require = createRequire(import.meta.url)
  const ParserClass = require('tree-sitter') as ParserClass
  const [name, property] = language.grammar
  const exported = require(name) as Record<string, unknown>
  const grammar = property ? exported[property] : exported
  const parser = new ParserClass()
  parser.setLanguage(grammar)
  const query = new ParserClass.Query(grammar, queryOf(language))
  return {
    // tree-sitter 0.21 rejects strings of 32,768 characters or more unless the buffer is larger than the text
    parse(code, maxMs = 0) {
      parser.setTimeoutMicros(maxMs * 1000)
      const tree = parser.parse(code, undefined, { bufferSize: Math.max(32 * 1024, code.length * 4) }) as Tree | null
      if (tree) return tree
      parser.reset() // otherwise the next text would be read as the rest of this one
      throw new TooSlow()
    },
    matches: (root) => query.matches(root as Parser.SyntaxNode) as readonly QueryMatch[],
  }
}

const keyOf = ({ grammar, queries }: Language) => [...grammar, ...queries].join(' ')

function queryOf({ queries }: Language): string {
  return queries.map((query) => readAsset(`src/parse/languages/${query}.scm`)).join('\n')
}
