import type { RepoPath } from '../../types.ts'
import type { FileOfPassages, Passage } from './passage.ts'

export interface Use {
  readonly path: RepoPath
  readonly line: number
  readonly text: string
  /** The innermost definition around it; null: none. */
  readonly by: Passage | null
}

const IMPORT = /^\s*(?:import|from|use|using|require|require_relative|include|package)\b|\brequire\(|^\s*#include/
const IN_A_LIST = /^[\p{L}\p{N}_$ ]+,?$/u
const COMMENT = /^\s*(?:\/\/|\/?\*|#(?!\w)|--|;|""")/

/**
 * Where a name is used, in the order of the files. With an owner, uses in which the owner stands before the name ('Str::limit(') come first.
 * The definition of the name, imports and comments are not uses. Reads each line once.
 */
export function findUses(name: string, files: readonly FileOfPassages[], owner: string | null = null): Use[] {
  const word = new RegExp(`(?<![\\p{L}\\p{N}_$])${escaped(name)}(?![\\p{L}\\p{N}_$])`, 'u')
  const uses = usesIn(name, files, owner, word)
  if (owner === null) return uses
  const owned = new RegExp(
    `(?<![\\p{L}\\p{N}_$])${escaped(owner)}[^\\p{L}\\p{N}\\s]{1,3}${escaped(name)}(?![\\p{L}\\p{N}_$])`,
    'u',
  )
  return uses.sort((a, b) => Number(owned.test(b.text)) - Number(owned.test(a.text)))
}

function escaped(name: string): string {
  return name.replace(/[$?!.*+^(){}|[\]\\]/g, '\\$&')
}

function usesIn(name: string, files: readonly FileOfPassages[], owner: string | null, word: RegExp): Use[] {
  return files.flatMap(({ path, lines, passages }) => {
    const innermost = innermostOf(passages)
    return lines.flatMap((text, index) => {
      if (!word.test(text) || IMPORT.test(text) || COMMENT.test(text)) return []
      const by = innermost(index + 1)
      if (by === null && IN_A_LIST.test(text.trim())) return [] // a list of imported or exported names
      return by && isOfDefinition(by, index + 1, name, owner) ? [] : [{ path, line: index + 1, text: text.trim(), by }]
    })
  })
}

/** Returns a function from a line to the innermost passage around it. Call it with ascending lines. */
function innermostOf(passages: readonly Passage[]): (line: number) => Passage | null {
  const later = passages.toReversed().sort((a, b) => b.lines.first - a.lines.first || a.lines.last - b.lines.last)
  const around: Passage[] = []
  return (line) => {
    while (later.length > 0 && later.at(-1)!.lines.first <= line) around.push(later.pop()!)
    while (around.length > 0 && around.at(-1)!.lines.last < line) around.pop()
    return around.at(-1) ?? null
  }
}

/**
 * Whether a line belongs to the definition that is asked about: its declaration, or a recursive call. With an owner, a method of the same name
 * that belongs to another owner may be a user.
 */
function isOfDefinition({ name: whole, lines }: Passage, line: number, name: string, owner: string | null): boolean {
  const isSoCalled = whole === name || whole.endsWith(`.${name}`)
  if (!isSoCalled || owner === null || line === lines.first || whole === name) return isSoCalled
  return whole === `${owner}.${name}` || whole.endsWith(`.${owner}.${name}`)
}
