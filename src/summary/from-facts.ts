import type { CodeSymbol, RepoPath } from '../types.ts'
import type { FileBody } from './kinds/file.ts'
import type { ModuleBody } from './kinds/module.ts'
import type { RepositoryBody } from './kinds/repository.ts'
import type { SymbolBody } from './kinds/symbol.ts'
import { ownWords } from './own-words.ts'
import type { ProjectFacts } from './project-facts.ts'

/** Name of the model in a summary that no model wrote. */
export const NO_MODEL = 'none'

export interface FileFacts {
  readonly doc: string | null
  readonly symbols: readonly Pick<CodeSymbol, 'qualified' | 'name' | 'kind' | 'doc'>[]
  readonly imports: readonly RepoPath[]
  /** The most used first. */
  readonly importers: readonly RepoPath[]
}

/** A definition in its author's words; null: it has none. */
export function symbolFromFacts({ doc }: Pick<CodeSymbol, 'doc'>): SymbolBody | null {
  const does = ownWords(doc, 18)
  return does ? { does } : null
}

/** A file in its author's words, with its definitions and its imports. Nothing is invented: what is unknown stays empty. */
export function fileFromFacts({ doc, symbols, imports, importers }: FileFacts): FileBody {
  const outer = symbols.filter(({ qualified, name, kind }) => qualified === name && kind !== 'test')
  const named = [...outer.filter(({ kind }) => kind !== 'value'), ...outer.filter(({ kind }) => kind === 'value')]
  const described = symbols.flatMap((symbol) => {
    const words = symbolFromFacts(symbol)
    return words && symbol.kind !== 'test' ? [{ name: symbol.qualified, does: words.does }] : []
  })
  return {
    purpose:
      authorsWords({ doc, symbols }) ||
      (named.length > 0
        ? `defines ${listOf(
            named.map(({ name }) => name),
            6,
          )}`
        : ''),
    changesWith: [counted(importers, 'imported by'), counted(imports, 'imports')].filter(Boolean).join('; '),
    watchOut: '',
    concepts: [],
    symbols: described.slice(0, 20),
  }
}

/** The author's comment on the file, or on the only class or function in it; '': there is none. */
export function authorsWords({ doc, symbols }: Pick<FileFacts, 'doc' | 'symbols'>): string {
  const main = symbols.filter(
    ({ qualified, name, kind }) => qualified === name && (kind === 'class' || kind === 'function'),
  )
  return ownWords(doc, 30) || (main.length === 1 ? ownWords(main[0]!.doc, 30) : '')
}

export interface ModuleFacts {
  /** Text of its README, if it has one. */
  readonly readme: string | null
  /** The comment on the file that stands for the folder: index.ts, __init__.py, mod.rs, doc.go. */
  readonly doc: string | null
  readonly members: readonly { readonly name: string; readonly says: string }[]
  /** A file that imports most members, and how many; it may be one of them. */
  readonly registry: { readonly path: RepoPath; readonly imports: number; readonly of: number } | null
}

/** A folder in the words of its README or index file, with its members in their authors' words, and the file that imports them. */
export function moduleFromFacts({ readme, doc, members, registry }: ModuleFacts): ModuleBody {
  const described = members.filter(({ says }) => says !== '')
  return {
    purpose:
      ownWords(readme, 40) ||
      ownWords(doc, 40) ||
      `holds ${listOf(
        members.map(({ name }) => name),
        8,
      )}`,
    parts: described.slice(0, 10).map(({ name, says }) => ({ name, does: ownWords(says, 15) })),
    howToExtend: registry ? `\`${registry.path}\` imports ${registry.imports} of the ${registry.of} other members` : '',
    names: [],
  }
}

export interface RepositoryFacts extends ProjectFacts {
  /** Top folders and files with source, the largest first. */
  readonly layout: readonly { readonly path: string; readonly files: number; readonly says: string }[]
  readonly languages: readonly { readonly language: string; readonly files: number }[]
}

/** The repository in the words of its manifest and README, with its languages, folders and commands. */
export function repositoryFromFacts({
  name,
  description,
  readme,
  commands,
  layout,
  languages,
}: RepositoryFacts): RepositoryBody {
  const words = description || ownWords(readme, 45)
  const named = languages
    .filter(({ language }) => language !== '')
    .map(({ language, files }) => `${language} (${files} ${files === 1 ? 'file' : 'files'})`)
  return {
    purpose: [name, words].filter(Boolean).join(': '),
    layout: layout
      .slice(0, 15)
      .map(({ path, files, says }) => ({ path, holds: says || `${files} source ${files === 1 ? 'file' : 'files'}` })),
    conventions: [...(named.length > 0 ? [`Written in ${listOf(named, 4)}`] : []), ...commands.slice(0, 6)],
    names: [],
  }
}

/** 'imported by 12 files (src/a.ts, src/b.ts, src/c.ts, …)' */
function counted(paths: readonly RepoPath[], relation: string): string {
  if (paths.length === 0) return ''
  return `${relation} ${paths.length === 1 ? paths[0] : `${paths.length} files (${listOf(paths, 3)})`}`
}

function listOf(names: readonly string[], most: number): string {
  return [...names.slice(0, most), ...(names.length > most ? ['…'] : [])].join(', ')
}
