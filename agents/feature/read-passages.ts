import { kindOfPath } from '../../src/paths.ts'
import type { FileOfPassages, Passage } from '../../src/retrieve/questions/passage.ts'
import type { Store } from '../../src/store/open-store.ts'
import { shorten } from '../../src/text/shorten.ts'
import type { CodeSymbol, RepoPath } from '../../src/types.ts'
import { sections } from './headings.ts'
import type { Workspace } from './workspace.ts'

const LONGEST = 20_000 // lines of a file: a longer one is data
const NAME = 60 // characters

/** Reads files with their passages: definitions; sections of a document; blocks of other text. Vanished files are left out. */
export async function readPassages(
  paths: readonly RepoPath[],
  workspace: Workspace,
  { store, worktree }: { store: Store; worktree: number },
): Promise<FileOfPassages[]> {
  const summaries = store.search.summaries(worktree, paths)
  const read = await Promise.all(
    paths.map(async (path) => {
      const lines = (await workspace.read(path))?.split(/\r?\n/) ?? []
      if (lines.length === 0 || lines.length > LONGEST) return []
      const passages = passagesOf(path, lines, store.facts.symbols(worktree, path))
      return [{ path, lines, passages, summary: summaries.get(path) ?? '' }]
    }),
  )
  return read.flat()
}

/** Passages of a file with these lines. symbols: its definitions, if any. */
export function passagesOf(path: RepoPath, lines: readonly string[], symbols: readonly CodeSymbol[]): Passage[] {
  if (symbols.length > 0)
    return symbols.map(({ qualified, kind, lines: at, signature, doc }) => ({
      // of two of one name the second is called 'Cart.total~2', to tell them apart: here their lines do
      ...{ path, name: qualified.replace(/~\d+$/, ''), kind, lines: at, signature },
      doc: doc ?? '',
    }))
  const parts = kindOfPath(path) === 'doc' ? sections(lines) : []
  const some = parts.length > 0 ? parts : blocks(lines)
  return some.map(({ heading, lines: at }) => ({
    ...{ path, name: shorten(heading.trim(), NAME), kind: 'section', lines: at, signature: '', doc: '' },
  }))
}

/** Blocks between blank lines. */
function blocks(lines: readonly string[]): { heading: string; lines: Passage['lines'] }[] {
  const starts = lines.flatMap((line, at) => (line.trim() !== '' && !lines[at - 1]?.trim() ? [at] : []))
  return starts.map((start, i) => {
    const end = lines.slice(0, starts[i + 1] ?? lines.length).findLastIndex((line) => line.trim() !== '')
    return { heading: lines[start]!, lines: { first: start + 1, last: end + 1 } }
  })
}
