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
const IN_A_LIST = /^\s*[\p{L}\p{N}_$ ]+,?\s*$/u
const COMMENT = /^\s*(?:\/\/|\/?\*|#(?!\w)|--|;|""")/

/** Where a name is used, in the order of the files. Its own definition, imports and comments are not uses. Reads each line once. */
export function findUses(name: string, files: readonly FileOfPassages[]): Use[] {
  const escaped = name.replace(/[$?!.*+^(){}|[\]\\]/g, '\\$&')
  const word = new RegExp(`(?<![\\p{L}\\p{N}_$])${escaped}(?![\\p{L}\\p{N}_$])`, 'u')
  return files.flatMap(({ path, lines, passages }) =>
    lines.flatMap((text, index) => {
      if (!word.test(text) || IMPORT.test(text) || COMMENT.test(text)) return []
      const by = innermost(passages, index + 1)
      if (by === null && IN_A_LIST.test(text)) return [] // a list of imported or exported names
      return by && isCalled(by, name) ? [] : [{ path, line: index + 1, text: text.trim(), by }]
    }),
  )
}

function innermost(passages: readonly Passage[], line: number): Passage | null {
  return passages
    .filter(({ lines }) => line >= lines.first && line <= lines.last)
    .reduce<Passage | null>((best, one) => (best === null || lengthOf(one) <= lengthOf(best) ? one : best), null)
}

function lengthOf({ lines }: Passage): number {
  return lines.last - lines.first
}

function isCalled(passage: Passage, name: string): boolean {
  return passage.name === name || passage.name.endsWith(`.${name}`)
}
