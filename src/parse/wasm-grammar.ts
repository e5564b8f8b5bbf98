import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { PACKAGE_ROOT } from '../assets.ts'
import { UserError } from '../errors.ts'
import type { Grammar, QueryMatch, Tree } from './syntax-tree.ts'

/** Where the build puts compressed WebAssembly grammars. */
export const GRAMMARS_FOLDER = join(PACKAGE_ROOT, 'dist/grammars')

export const REPAIR =
  'install repose again; in a clone, run npm ci (for packages) and npm run build (for grammars in WebAssembly)'

/** file: the path of the grammar in node_modules, where only a clone has it. */
export const packedGrammar = (file: string) => join(GRAMMARS_FOLDER, `${basename(file)}.br`)

/**
 * A grammar that runs in WebAssembly. file: as in packedGrammar(). query: text of the query. Takes 70 to 350 ms, mostly for the query. Throws
 * UserError if the file is damaged or missing.
 */
export async function wasmGrammar(file: string, query: string): Promise<Grammar> {
  const { Language, Parser, Query } = await import('web-tree-sitter')
  await Parser.init() // does nothing the second time
  const language = await load((bytes) => Language.load(bytes), packedGrammar(file))
  const parser = new Parser()
  parser.setLanguage(language)
  const compiled = new Query(language, query)
  return {
    // a parser that has a language returns null only if it is told to stop
    parse: (code) => parser.parse(code) as unknown as Tree,
    matches: (root) =>
      compiled
        .matches(root as never)
        .map(({ patternIndex, captures }) => ({ pattern: patternIndex, captures })) as unknown as readonly QueryMatch[],
  }
}

async function load<Loaded>(compile: (bytes: Uint8Array) => Promise<Loaded>, path: string): Promise<Loaded> {
  try {
    return await compile(brotliDecompressSync(readFileSync(path)))
  } catch (cause) {
    throw new UserError(`the grammar ${basename(path)} is missing or damaged`, REPAIR, { exitCode: 1, cause })
  }
}
