import { kindOfPath } from '../../src/paths.ts'
import { type Candidate, fillPack } from '../../src/retrieve/fill-pack.ts'
import type { RankedFile } from '../../src/retrieve/name-files.ts'
import { outlineLine, overlap, scoreSymbols } from '../../src/retrieve/outline.ts'
import type { Store } from '../../src/store/open-store.ts'
import { countTokens } from '../../src/tokens.ts'
import type { RepoPath } from '../../src/types.ts'
import type { Workspace } from './workspace.ts'

const LISTED = 50 // paths: about 420 tokens, and 90 % of the files to change
const SOURCE_OUTLINES = 10
const COMPANION_OUTLINES = 4 // tests and docs each
const ENTRIES = 12
const HEADINGS = 16
const FRAGMENTS = ['news', 'newsfragments', 'changes', 'changelog.d', '.changeset', '.changes']
const BUDGET = 3200 // tokens of outlines; larger first looks were mostly not opened

/**
 * What the first call sees besides the request: fifty ranked paths, and short outlines of the likeliest files, of the
 * tests and docs that go with them, and the newest changelog fragment's path. List deep, outline shallow.
 */
export async function firstLook(
  files: readonly RankedFile[],
  weights: ReadonlyMap<string, number>,
  store: Store,
  worktree: number,
  workspace: Workspace,
): Promise<string> {
  const listed = files.slice(0, LISTED)
  const outlined = [
    ...pick(files, 'source', SOURCE_OUTLINES),
    ...pick(files, 'test', COMPANION_OUTLINES),
    ...pick(files, 'doc', COMPANION_OUTLINES),
  ]
  const candidates: Candidate[] = []
  for (const file of outlined) {
    const text = (await workspace.read(file.path)) ?? ''
    for (const entry of entriesOf(file.path, text, weights, store, worktree)) {
      candidates.push({
        subject: file.path,
        kind: 'outline',
        text: entry.text,
        value: file.score * (0.3 + entry.share),
        stale: false,
        order: candidates.length,
        group: `## ${file.path}`,
      })
    }
  }
  const list = `Files, the likeliest first:\n${listed.map((file) => file.path).join('\n')}`
  const { text } = fillPack(candidates, BUDGET, countTokens)
  const fragment = await newestFragment(store, worktree, workspace)
  return `${list}\n\nDefinitions in some of them, with their lines:\n${text}${fragment}`
}

/** The newest file of a folder of changelog fragments, whole: a new one looks like it. '' where the project has none. */
async function newestFragment(store: Store, worktree: number, workspace: Workspace): Promise<string> {
  const path = store.history.newestBelow(worktree, FRAGMENTS)
  const text = path ? await workspace.read(path) : null
  return text && text.length < 1500 ? `\n\nThe newest changelog fragment, ${path}:\n${text.trim()}` : ''
}

function pick(files: readonly RankedFile[], kind: 'source' | 'test' | 'doc', most: number): readonly RankedFile[] {
  return files.filter((file) => kindOfPath(file.path) === kind).slice(0, most)
}

/** The definitions (or headings, in prose) of a file that speak most of the request, in reading order. */
function entriesOf(
  path: RepoPath,
  text: string,
  weights: ReadonlyMap<string, number>,
  store: Store,
  worktree: number,
): { text: string; share: number }[] {
  const lines = text.split(/\r?\n/)
  const symbols = store.facts.symbols(worktree, path)
  if (symbols.length === 0) return headings(lines, weights)
  const scored = scoreSymbols(symbols, lines, weights)
  const largest = Math.max(1e-9, ...scored.map((entry) => entry.score))
  const kept = new Set([...scored].sort((a, b) => b.score - a.score).slice(0, ENTRIES))
  const shown = scored.filter((entry) => kept.has(entry))
  const rest = scored.length - shown.length
  return [
    ...shown.map(({ symbol, score }) => ({
      text: `${symbol.qualified}: ${outlineLine(symbol)}`,
      share: score / largest,
    })),
    ...(rest > 0 ? [{ text: `(${rest} more)`, share: 0.3 }] : []),
  ]
}

/** Headings of a page, those that share words with the request first, in reading order, and how many there are beside. */
function headings(lines: readonly string[], weights: ReadonlyMap<string, number>): { text: string; share: number }[] {
  const all = lines.flatMap((line, i) =>
    /^#{1,4} /.test(line) ? [{ line, at: i + 1, worth: overlap(line, weights) }] : [],
  )
  const kept = [...all]
    .sort((a, b) => b.worth - a.worth || a.at - b.at)
    .slice(0, HEADINGS)
    .sort((a, b) => a.at - b.at)
  const rest = all.length - kept.length
  return [
    ...kept.map(({ line, at }) => ({ text: `${at} ${line.slice(0, 100)}`, share: 0.1 })),
    ...(rest > 0 ? [{ text: `(${rest} more headings)`, share: 0.1 }] : []),
  ]
}
