import { withoutBranches, withoutMacros } from './blank.ts'
import { importsOf } from './imports.ts'
import { isCpp } from './is-cpp.ts'

/** A language is one row here and one or more query files beside it. */
export interface Language {
  readonly id: string
  /** Endings of file names, with the dot. */
  readonly extensions: readonly string[]
  /** Programs named in a '#!' line. */
  readonly interpreters?: readonly string[]
  /** npm package of the grammar, and the property that holds it where there are several. */
  readonly grammar: readonly [name: string, property?: string]
  /**
   * Query files in this folder, joined. Of several patterns that match one name or body the first counts. Captures:
   *
   * `@symbol.<kind>` a definition; `@symbol.none` makes one of no account. `@declaration.<kind>` gives way to a definition of its name.
   * `@scope.impl`, `@scope.module` are no symbols, but their names are part of the names inside.
   * With these: `@name` (absent: 'default'; `@name.path` where it is written as A::B), `@owner` a name that goes before it, `@body` a node that is or has the body (absent: the field).
   * `@prefix` what belongs to the definition that follows: decorators, `export`. `@doc` comments, `@docstring` first strings of a body.
   * `@reference.<kind>` a use; with `.proper` only when it begins with a capital. Names that begin with '_' are for predicates.
   *
   * Predicates: #eq? and #match?. (tree-sitter 0.21 shares the words of all #any-of? in one global variable.)
   */
  readonly queries: readonly string[]
  /** Import specifiers in the text of a @reference.import node. Absent: the text without its quotes. */
  readonly imports?: (text: string) => readonly string[]
  /** Id of the language whose grammar reads this text best, where endings do not tell: '.h' is C's and C++'s. */
  readonly dialect?: (text: string) => string
  /** The file holds this language only inside blocks; group 1 of each match is code (flag 'd'). */
  readonly blocks?: readonly RegExp[]
  /** Blanks what the grammar cannot read and no reader misses, keeping every line and column. */
  readonly readable?: (text: string) => string
}

// Comments have no group. Attributes may hold '>' (Vue's generic="T extends Map<K, V>"); JSON and templates are no code.
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
    queries: ['scala'],
    imports: importsOf.scala,
  },
  { id: 'c', extensions: ['.c'], grammar: ['tree-sitter-c'], queries: ['c'], readable: withoutMacros },
  {
    id: 'cpp',
    extensions: ['.cc', '.cpp', '.cxx', '.c++', '.hpp', '.hh', '.hxx', '.h++', '.ipp', '.inl', '.tpp', '.h'],
    grammar: ['tree-sitter-cpp'],
    queries: ['cpp', 'c'],
    dialect: (text) => (isCpp(text) ? 'cpp' : 'c'),
    readable: withoutMacros,
  },
  {
    id: 'csharp',
    extensions: ['.cs'],
    grammar: ['tree-sitter-c-sharp'],
    queries: ['csharp'],
    imports: importsOf.csharp,
    readable: withoutBranches,
  },
  {
    id: 'ruby',
    extensions: ['.rb', '.rake', '.gemspec'],
    interpreters: ['ruby'],
    grammar: ['tree-sitter-ruby'],
    queries: ['ruby'],
    imports: importsOf.ruby,
  },
  {
    id: 'php',
    extensions: ['.php'],
    interpreters: ['php'],
    grammar: ['tree-sitter-php', 'php'],
    queries: ['php'],
    imports: importsOf.php,
  },
  {
    id: 'bash',
    extensions: ['.sh', '.bash'],
    interpreters: ['sh', 'bash'],
    grammar: ['tree-sitter-bash'],
    queries: ['bash'],
  },
]

/** Languages for which no grammar installs beside the others without a compiler, by id, with the endings of file names: read by src/parse/read-lines.ts. */
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

/** The row of a language id. Throws for an id that is not in the table: a bug. */
export function languageById(id: string): Language {
  const language = BY_ID.get(id)
  if (!language) throw new Error(`no language '${id}'`)
  return language
}

/** False for a language that is read by its lines. */
export function hasGrammar(id: string): boolean {
  return BY_ID.has(id)
}

/** Id of the language to parse a text as, when its file is of language `id`. Linear in the text. */
export function dialectOf(id: string, text: string): string {
  return languageById(id).dialect?.(text) ?? id
}

/** Language id of a path by its ending; null means searchable text only. Paths without an ending are decided by languageOfShebang. */
export function languageOfPath(path: string): string | null {
  const base = path.slice(path.lastIndexOf('/') + 1)
  const dot = base.lastIndexOf('.')
  return dot <= 0 ? null : (BY_EXTENSION.get(base.slice(dot).toLowerCase()) ?? null)
}

/** Language id by a '#!' line: '#!/usr/bin/env -S node --x' and '#!/bin/bash' alike. */
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
