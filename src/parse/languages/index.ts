import { withoutBranches, withoutMacros } from './blank.ts'
import { importsOf } from './imports.ts'
import { isCpp } from './is-cpp.ts'

/** A language is one row of this table and one or more query files in this folder. */
export interface Language {
  readonly id: string
  /** Extensions of file names, with the dot. */
  readonly extensions: readonly string[]
  /** Programs named in a '#!' line. */
  readonly interpreters?: readonly string[]
  /** npm package of the grammar, and its property if the package has several grammars. */
  readonly grammar: readonly [name: string, property?: string]
  /**
   * The WebAssembly build in that package, if the grammar runs as such. It then takes a hundredth of the package, on every platform.
   * Absent: the package is a dependency with native builds, which load faster.
   */
  readonly wasm?: string
  /**
   * Query files in this folder, joined. If several patterns match the same name or body, the first one wins. Captures:
   *
   * `@symbol.<kind>`: a definition; `@symbol.none`: not a definition after all. `@declaration.<kind>`: dropped if a definition has its
   * name. `@scope.impl`, `@scope.module`: no symbols, but their names qualify the names inside. Together with these: `@name` (absent:
   * 'default'; `@name.path` if it is written as A::B), `@owner`: a name that qualifies it, `@body`: a node that is or contains the body
   * (absent: the field). `@prefix`: belongs to the definition that follows: decorators, `export`. `@doc`: comments. `@docstring`: first
   * strings of a body. `@reference.<kind>`: a use; with `.proper` only if it begins with a capital. Names that begin with '_' are for
   * predicates.
   *
   * Predicates: #eq? and #match?. (#any-of? is unusable: tree-sitter 0.21 stores the words of all of them in one global variable.)
   */
  readonly queries: readonly string[]
  /** Returns the import specifiers in the text of a @reference.import node. Absent: the text without its quotes. */
  readonly imports?: (text: string) => readonly string[]
  /** Returns the id of the language whose grammar fits this text best, if the extension is ambiguous: '.h' is C or C++. */
  readonly dialect?: (text: string) => string
  /** For files with this language only inside blocks; group 1 of each match is code (flag 'd'). */
  readonly blocks?: readonly RegExp[]
  /** Blanks what the grammar cannot parse and no reader misses. Lines and columns stay the same. */
  readonly readable?: (text: string) => string
}

// Comments are matched without a group. Attributes may contain '>' (Vue's generic="T extends Map<K, V>"). JSON and templates are not code.
const SCRIPT =
  /<!--[\s\S]*?(?:-->|$)|<script\b(?![^>]{0,2000}\btype=["']?(?:application\/|text\/(?!javascript|typescript|babel)|importmap|speculationrules))(?:"[^"]{0,2000}"|'[^']{0,2000}'|[^>"']){0,2000}>([\s\S]*?)(?:<\/script>|$)/dgi
const FRONTMATTER = /^\s*---[^\S\n]*\n([\s\S]*?)\n---/dg

const TYPESCRIPT = { grammar: ['tree-sitter-typescript', 'typescript'], queries: ['javascript', 'typescript'] } as const

export const LANGUAGES: readonly Language[] = [
  { id: 'typescript', extensions: ['.ts', '.mts', '.cts'], ...TYPESCRIPT },
  {
    id: 'tsx',
    extensions: ['.tsx'],
    grammar: ['tree-sitter-typescript', 'tsx'],
    queries: ['javascript', 'jsx', 'typescript'],
  },
  {
    id: 'javascript',
    extensions: ['.js', '.jsx', '.mjs', '.cjs'],
    interpreters: ['node'],
    grammar: ['tree-sitter-javascript'],
    queries: ['javascript', 'jsx', 'javascript-only'],
  },
  { id: 'svelte', extensions: ['.svelte'], blocks: [SCRIPT], ...TYPESCRIPT },
  { id: 'vue', extensions: ['.vue'], blocks: [SCRIPT], ...TYPESCRIPT },
  { id: 'astro', extensions: ['.astro'], blocks: [FRONTMATTER, SCRIPT], ...TYPESCRIPT },
  {
    id: 'python',
    extensions: ['.py', '.pyi'],
    interpreters: ['python', 'python3'],
    grammar: ['tree-sitter-python'],
    queries: ['python'],
    imports: importsOf.python,
  },
  { id: 'go', extensions: ['.go'], grammar: ['tree-sitter-go'], queries: ['go'] },
  { id: 'rust', extensions: ['.rs'], grammar: ['tree-sitter-rust'], queries: ['rust'], imports: importsOf.rust },
  { id: 'java', extensions: ['.java'], grammar: ['tree-sitter-java'], queries: ['java'], imports: importsOf.java },
  {
    id: 'scala',
    extensions: ['.scala', '.sc'],
    grammar: ['tree-sitter-scala'],
    wasm: 'tree-sitter-scala.wasm',
    queries: ['scala'],
    imports: importsOf.scala,
  },
  { id: 'c', extensions: ['.c'], grammar: ['tree-sitter-c'], queries: ['c'], readable: withoutMacros },
  {
    id: 'cpp',
    extensions: ['.cc', '.cpp', '.cxx', '.c++', '.hpp', '.hh', '.hxx', '.h++', '.ipp', '.inl', '.tpp', '.h'],
    grammar: ['tree-sitter-cpp'],
    wasm: 'tree-sitter-cpp.wasm',
    queries: ['cpp', 'c'],
    dialect: (text) => (isCpp(text) ? 'cpp' : 'c'),
    readable: withoutMacros,
  },
  {
    id: 'csharp',
    extensions: ['.cs'],
    grammar: ['tree-sitter-c-sharp'],
    wasm: 'tree-sitter-c_sharp.wasm',
    queries: ['csharp'],
    imports: importsOf.csharp,
    readable: withoutBranches,
  },
  {
    id: 'ruby',
    extensions: ['.rb', '.rake', '.gemspec'],
    interpreters: ['ruby'],
    grammar: ['tree-sitter-ruby'],
    wasm: 'tree-sitter-ruby.wasm',
    queries: ['ruby'],
    imports: importsOf.ruby,
  },
  {
    id: 'php',
    extensions: ['.php'],
    interpreters: ['php'],
    grammar: ['tree-sitter-php'],
    wasm: 'tree-sitter-php.wasm',
    queries: ['php'],
    imports: importsOf.php,
  },
  {
    id: 'bash',
    extensions: ['.sh', '.bash'],
    interpreters: ['sh', 'bash'],
    grammar: ['tree-sitter-bash'],
    wasm: 'tree-sitter-bash.wasm',
    queries: ['bash'],
  },
]

/**
 * Languages whose grammar cannot be installed beside the others without a compiler: id and file extensions. src/parse/read-lines.ts reads
 * them.
 */
export const WITHOUT_GRAMMAR: Readonly<Record<string, readonly string[]>> = {
  kotlin: ['.kt', '.kts'],
  swift: ['.swift'],
  dart: ['.dart'],
  groovy: ['.groovy'],
  elixir: ['.ex', '.exs'],
  gleam: ['.gleam'],
  lua: ['.lua'],
  julia: ['.jl'],
  perl: ['.pl', '.pm'],
  crystal: ['.cr'],
  nim: ['.nim'],
  zig: ['.zig'],
  fsharp: ['.fs', '.fsx'],
  ocaml: ['.ml', '.mli'],
  clojure: ['.clj', '.cljs', '.cljc'],
  solidity: ['.sol'],
}

const BY_ID = new Map(LANGUAGES.map((language) => [language.id, language]))
const ENDINGS = [
  ...LANGUAGES.map(({ id, extensions }) => [id, extensions] as const),
  ...Object.entries(WITHOUT_GRAMMAR),
]
const BY_EXTENSION = new Map(ENDINGS.flatMap(([id, endings]) => endings.map((ending) => [ending, id] as const)))
const BY_INTERPRETER = new Map(
  LANGUAGES.flatMap((language) => (language.interpreters ?? []).map((i) => [i, language.id] as const)),
)

/** The row of a language id. Throws for an unknown id, which is a bug. */
export function languageById(id: string): Language {
  const language = BY_ID.get(id)
  if (!language) throw new Error(`no language '${id}'`)
  return language
}

/** False for a language that is parsed line by line. */
export function hasGrammar(id: string): boolean {
  return BY_ID.has(id)
}

/** Id of the language to parse a text as, given the language `id` of its file. Linear in the text. */
export function dialectOf(id: string, text: string): string {
  return languageById(id).dialect?.(text) ?? id
}

/** Language id of a path by its extension; null means searchable text only. Paths without an extension are decided by languageOfShebang. */
export function languageOfPath(path: string): string | null {
  const base = path.slice(path.lastIndexOf('/') + 1)
  const dot = base.lastIndexOf('.')
  return dot <= 0 ? null : (BY_EXTENSION.get(base.slice(dot).toLowerCase()) ?? null)
}

/** Language id of a '#!' line, such as '#!/usr/bin/env -S node --x' or '#!/bin/bash'. */
export function languageOfShebang(text: string): string | null {
  const words = /^#!\s*(\S+)([^\n]*)/.exec(text.slice(0, 200))
  if (!words) return null
  const program = words[1]!.endsWith('/env')
    ? (words[2]!
        .trim()
        .split(/\s+/)
        .find((w) => !w.startsWith('-')) ?? '')
    : words[1]!
  return (
    BY_INTERPRETER.get(program.slice(program.lastIndexOf('/') + 1).replace(/[\d.]+$/, (d) => (d === '3' ? d : ''))) ??
    null
  )
}
