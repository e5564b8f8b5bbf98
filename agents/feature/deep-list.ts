import { countEach } from '../../src/groups.ts'
import { folderStart, isSource, kindOfPath } from '../../src/paths.ts'
import type { Request } from '../../src/request/read-request.ts'
import { deepList, type ListedFile } from '../../src/retrieve/deep-list.ts'
import type { RankedFile } from '../../src/retrieve/name-files.ts'
import { overlap } from '../../src/retrieve/outline.ts'
import { askOf } from '../../src/retrieve/rank-files.ts'
import type { Question, WorkingTree } from '../../src/retrieve/signal.ts'
import { WIDEST } from '../../src/text/last-commits.ts'
import { shorten } from '../../src/text/shorten.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import type { RepoPath } from '../../src/types.ts'

const RANKED = 50
const LISTED = 75 // files, including those beside the best
const BESIDE = 12 // ranked files whose folders are listed whole
const CONFIGURATION = 20 // last rank at which data and configuration are listed
const EVIDENCE_TOKENS = 220
const LOOKED_AT = 40 // commits a file
const TOGETHER = 3 // times at least
const SHARE = 0.4 // of the file's own commits, at least
const PARTNERS = 2
const IMPORTED = 15 // ranked files whose importers are listed
const IMPORTERS = 5
const WORDS = 8
const SHORTEST = 4 // letters of a word
const COMMON = 0.25 // of all files: a more frequent word carries no information
const HOLDERS = 10 // listed files: as COMMON
const GENERIC = 4 // listed files: a name that so many define does not distinguish them
const PAST = 3
const NAMES = 8
const LONGEST_NAME = 40 // characters

/**
 * The deep list of a request, for one look of a model, within a token budget. It has files to choose from, with names and partners, and
 * the evidence across them: which of them have rare words of the request, and what similar changes of the past touched. O(listed x
 * words) index look-ups.
 */
export function listFiles(request: Request, files: readonly RankedFile[], tree: WorkingTree, budgetTokens: number) {
  const question = askOf(tree.store, tree.worktree, request)
  const candidates = candidatesOf(files, tree)
  return writeDeepList(describe(candidates, question), question, budgetTokens)
}

/** The described files as a list, then the evidence across them, within a token budget. */
export function writeDeepList(
  described: readonly ListedFile[],
  question: Question,
  budgetTokens: number,
): { readonly text: string; readonly listed: readonly RepoPath[] } {
  const candidates = described.map(({ path }) => path)
  const evidence = [...pastLines(question, numbered(candidates)), ...wordLines(question, candidates)]
  const isHeading = (line: string) => line.endsWith(':')
  while (evidence.length > 0 && (countTokens(evidence.join('\n')) > EVIDENCE_TOKENS || isHeading(evidence.at(-1)!)))
    evidence.pop()
  const end = evidence.length > 0 ? `\n\n${evidence.join('\n')}` : ''
  const list = deepList(described, budgetTokens - countTokens(end), countTokens)
  const fit = list.listed.length
  if (fit < described.length) return writeDeepList(described.slice(0, fit), question, budgetTokens) // evidence for these alone
  return { text: `${list.text}${end}`, listed: list.listed }
}

function numbered(candidates: readonly RepoPath[]): ReadonlyMap<RepoPath, number> {
  return new Map(candidates.map((path, i) => [path, i + 1]))
}

/** The best ranked files, then the other files in the folders of the best: a ranking misses many files there. */
export function candidatesOf(files: readonly RankedFile[], { store, worktree }: WorkingTree): readonly RepoPath[] {
  const ranked = files
    .map(({ path }) => path)
    .filter((path, i) => isSource(path) || (kindOfPath(path) === 'other' && i < CONFIGURATION))
  const folders = new Set(ranked.slice(0, BESIDE).map(folderStart))
  const beside = [...folders].flatMap((folder) => store.facts.inFolder(worktree, folder)).filter(isSource)
  return [...new Set([...ranked.slice(0, RANKED), ...beside])].slice(0, LISTED)
}

/** Files with the names that distinguish each from the others, and with its partners. */
export function describe(candidates: readonly RepoPath[], question: Question): readonly ListedFile[] {
  const { store, worktree, rarity } = question
  const numbers = numbered(candidates)
  const definitions = candidates.map((path) => store.facts.symbolNames(worktree, path))
  const definers = countEach(definitions.flatMap((own) => [...new Set(own.map(lastPart))]))
  return candidates.map((path, i) => {
    const names = definitions[i]!.map((whole, order) => ({ name: lastPart(whole), order, isTop: !whole.includes('.') }))
      .map((one) => ({ ...one, worth: overlap(one.name, rarity) }))
      .filter(({ name, isTop, worth }) => (isTop || worth > 0) && definers.get(name)! < GENERIC && name.length > 2)
      .sort((a, b) => b.worth - a.worth || a.order - b.order)
      .map(({ name }) => name)
    return {
      path,
      names: [...new Set(names)].slice(0, NAMES).map(clip),
      changesWith: partnersOf(path, numbers, question),
      importedBy: i < IMPORTED ? importersOf(path, numbers, question) : [],
    }
  })
}

export function clip(name: string): string {
  return shorten(name, LONGEST_NAME)
}

function lastPart(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf('.') + 1)
}

/** Listed files that changed in a good share of this file's commits, the most frequent first. */
function partnersOf(
  path: RepoPath,
  numbers: ReadonlyMap<RepoPath, number>,
  { store, worktree }: WorkingTree,
): number[] {
  const commits = store.history.commitsOf(worktree, path, LOOKED_AT)
  const together = [...store.history.pathsOf(worktree, commits).values()].flat().filter((other) => other !== path)
  return [...countEach(together.flatMap((other) => numbers.get(other) ?? []))]
    .filter(([, times]) => times >= TOGETHER && times >= SHARE * commits.length)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, PARTNERS)
    .map(([number]) => number)
}

function importersOf(
  path: RepoPath,
  numbers: ReadonlyMap<RepoPath, number>,
  { store, worktree }: WorkingTree,
): number[] {
  const file = store.facts.file(worktree, path)
  const importers = file
    ? store.facts
        .importersOf([file.id])
        .get(file.id)!
        .flatMap((one) => numbers.get(one.path) ?? [])
    : []
  return importers.length > IMPORTERS ? [] : importers.sort((a, b) => a - b)
}

/** 'pagefind: 2, 4, 26' for rare words of the request, the rarest first. */
function wordLines({ store, worktree, request, rarity }: Question, candidates: readonly RepoPath[]): string[] {
  const ids = candidates.map((path) => store.facts.file(worktree, path)?.id)
  const common = Math.log(1 + 1 / COMMON)
  const asked = [...rarity]
    .filter(([term, worth]) => worth > common && term.length >= SHORTEST)
    .sort((a, b) => weigh(b) - weigh(a))
  function weigh([term, worth]: [string, number]): number {
    return worth * (request.title.includes(term) ? 2 : 1)
  }
  const lines = asked.slice(0, 2 * WORDS).flatMap(([term]) => {
    const files = store.search.holders(worktree, term)
    const holders = ids.flatMap((id, i) => (id !== undefined && files.has(id) ? [i + 1] : []))
    if (holders.length === 0 || holders.length > HOLDERS) return []
    return [`${request.spelled.get(term) ?? term}: ${holders.join(', ')}`]
  })
  return lines.length > 0 ? ['Words of the request stand in:', ...lines.slice(0, WORDS)] : []
}

/** '"Add the json format" changed 2, 3, 9' for the past changes that are most similar to the request. */
function pastLines({ store, worktree, request }: Question, numbers: ReadonlyMap<RepoPath, number>): string[] {
  const similar = store.history.similar(worktree, request.terms, 4 * PAST).filter(({ width }) => width <= WIDEST)
  const paths = store.history.pathsOf(worktree, similar)
  const lines = similar
    .map(({ id, subject }) => ({ subject, files: paths.get(id)!.flatMap((path) => numbers.get(path) ?? []) }))
    .filter(({ files }) => files.length > 1)
    .slice(0, PAST)
    .map(({ subject, files }) => `"${subject.slice(0, 70)}": ${files.sort((a, b) => a - b).join(', ')}`)
  return lines.length > 0 ? ['Similar past changes touched:', ...lines] : []
}
