import { kindOfPath, shownPath } from '../../src/paths.ts'
import { blocking } from '../../src/processes/blocking.ts'
import { placeKind } from '../../src/recipes/places.ts'
import { recipeLineFor } from '../../src/recipes/recipe-for.ts'
import type { Request } from '../../src/request/read-request.ts'
import type { ListedFile } from '../../src/retrieve/deep-list.ts'
import type { RankedFile } from '../../src/retrieve/name-files.ts'
import { type NeededBefore, neededBefore } from '../../src/retrieve/needed-before.ts'
import { overlap, symbolScorer } from '../../src/retrieve/outline.ts'
import { askOf } from '../../src/retrieve/rank-files.ts'
import type { WorkingTree } from '../../src/retrieve/signal.ts'
import type { CodeSymbol, Lines, RepoPath } from '../../src/types.ts'
import { candidatesOf, clip, describe, writeDeepList } from './deep-list.ts'
import type { NamesLike } from './find-hits.ts'
import { sections } from './headings.ts'
import { namesLike } from './names-like.ts'
import { sureFiles } from './sure-files.ts'
import type { Workspace } from './workspace.ts'
import { isWrittenByTool } from './written-by-tool.ts'

const SOURCES = 50
const COMPANIONS = 6 // tests and docs each
const BUDGET = 1300 // tokens of the list; models did not open the rest of longer ones
// Number of definitions listed for a file, by its place among those of its kind.
const NAMES = { source: [12, 10, 8, 6, 6, 6, 4, 4, 4, 4], test: [5, 4, 3], doc: [4, 4, 3] }
const FEWER = 25 // further files, with one definition each
const FRAGMENTS = ['news', 'newsfragments', 'changes', 'changelog.d', '.changeset', '.changes']
const LONGEST_FRAGMENT = 1500 // characters
const BESIDE = { sources: 15, budget: 700 } // the list beside files that are shown immediately

export interface FirstList {
  readonly text: string
  /** Path for each number of the list. */
  readonly listed: readonly RepoPath[]
  /** Files to show with the list, which saves the call that would name them. */
  readonly sure: readonly RepoPath[]
  /** Weight of each term of the request. */
  readonly rarity: ReadonlyMap<string, number>
  /** Summary of a definition from the last sleep pass; null without one. */
  readonly noteOf: (path: RepoPath, qualified: string) => string | null
  /** Whether a file is generated, by its path or by a comment in it. */
  readonly isGenerated: (path: RepoPath) => boolean
  readonly namesLike: NamesLike
}

/**
 * What the first call sees besides the request: a numbered list of source files and of the tests and docs that belong to them, with the
 * definitions that best match the request and their lines; how such requests were done before; and the newest changelog fragment. The
 * list is long, and each entry short. Reads about twenty files.
 */
export async function firstList(
  request: Request,
  files: readonly RankedFile[],
  tree: WorkingTree,
  workspace: Workspace,
): Promise<FirstList> {
  const question = askOf(tree.store, tree.worktree, request)
  const ranked = (kind: 'test' | 'doc') =>
    files.flatMap(({ path }) => (kindOfPath(path) === kind ? [path] : [])).slice(0, COMPANIONS)
  const before = neededBefore(tree.store.ledger, request, question.rarity)
  const remembered = [...(before?.changed ?? []), ...(before?.fetched ?? [])].filter((path) =>
    tree.store.facts.isReadable(tree.worktree, path),
  )
  const sure = sureFiles(files, (paths) => tree.store.facts.sizes(tree.worktree, paths))
  const likely = candidatesOf(files, tree).slice(0, sure.length > 0 ? BESIDE.sources : SOURCES)
  const sources = await blocking(() => describe([...new Set([...likely, ...remembered])], question))
  const companions = [...ranked('test'), ...ranked('doc')].filter((path) => !remembered.includes(path))
  const listedFiles = [...sources, ...companions.map((path) => ({ path, names: [], changesWith: [], importedBy: [] }))]
  const paths = listedFiles.map(({ path }) => path)
  const sizes = tree.store.facts.sizes(tree.worktree, paths)
  const places = { source: 0, test: 0, doc: 0 }
  const described: ListedFile[] = []
  for (const [i, file] of listedFiles.entries()) {
    const kind = kindOfPath(file.path)
    const size = sizes.get(file.path)
    const most = kind === 'other' || size?.isGenerated ? undefined : NAMES[kind][places[kind]++]
    const names = most === undefined ? null : await entriesOf(file.path, most, question.rarity, tree, workspace)
    described.push({
      ...file,
      names: names ?? file.names.slice(0, i < FEWER ? 1 : 0),
      ...(size && !size.isGenerated ? { lines: size.lines } : {}),
    })
  }
  const { text, listed } = writeDeepList(described, question, sure.length > 0 ? BESIDE.budget : BUDGET)
  const recipe = recipeLineFor(tree.store, tree.worktree, request)
  const fragment = await newestFragment(tree, workspace)
  return {
    text: [text, before && sayBefore(before, listed), recipe, fragment].filter(Boolean).join('\n\n'),
    listed,
    sure,
    rarity: question.rarity,
    noteOf: (path, qualified) => {
      const body = tree.store.summaries.latest(`${path}#${qualified}`, 'symbol')?.body as { does?: string } | undefined
      return body?.does ?? null
    },
    isGenerated: (path) =>
      isWrittenByTool(path) || tree.store.facts.sizes(tree.worktree, [path]).get(path)?.isGenerated === true,
    namesLike: namesLike(tree),
  }
}

/** '- An earlier request like this one, "Add --csv", changed 3, 7 and had to look at 12 too.' */
function sayBefore({ title, changed, fetched }: NeededBefore, listed: readonly RepoPath[]): string {
  const numbers = (paths: readonly RepoPath[]) =>
    paths.map((path) => listed.indexOf(path) + 1).filter((number) => number > 0)
  const [done, seen] = [numbers(changed), numbers(fetched)]
  if (done.length === 0) return ''
  const looked = seen.length > 0 ? ` and had to look at ${seen.join(', ')} too` : ''
  return `An earlier request like this one, "${clip(title)}", changed ${done.join(', ')}${looked}.`
}

/** The newest file in a folder of changelog fragments, whole, as the model for a new one. '' if the project has none. */
async function newestFragment({ store, worktree }: WorkingTree, workspace: Workspace): Promise<string> {
  const path = store.history.newestBelow(worktree, FRAGMENTS)
  const text = path ? await workspace.read(path) : null
  if (!path || !text || text.length >= LONGEST_FRAGMENT) return ''
  return `The newest changelog fragment, ${shownPath(path)}:\n${text.trim()}`
}

/** Definitions of a file (headings, in prose) that best match the request, with their lines, the best first. */
async function entriesOf(
  path: RepoPath,
  most: number,
  rarity: ReadonlyMap<string, number>,
  { store, worktree }: WorkingTree,
  workspace: Workspace,
): Promise<readonly string[]> {
  const lines = ((await workspace.read(path)) ?? '').split(/\r?\n/)
  const symbols = store.facts.symbols(worktree, path)
  if (symbols.length === 0) return headings(path, lines, rarity).slice(0, most)
  const isTest = kindOfPath(path) === 'test'
  const own = symbols.filter(
    ({ kind, qualified }) => !qualified.includes('~') && (isTest || !isOfTests(kind, qualified)),
  )
  const scored = await blocking(() => symbolScorer(rarity)(own, lines))
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ symbol }) => `${nameOf(symbol)} ${span(symbol.lines)}`)
}

/** True for tests inside the tested file, as in Rust. */
function isOfTests(kind: CodeSymbol['kind'], qualified: string): boolean {
  return kind === 'test' || qualified.startsWith('tests.')
}

function nameOf({ kind, name, qualified }: CodeSymbol): string {
  return kind === 'test' ? `'${clip(name)}'` : clip(qualified)
}

function span({ first, last }: Lines): string {
  return first === last ? `${first}` : `${first}-${last}`
}

/** '## Tabs 56-80' for the headings of a page: in a changelog the first ones, else those that share words with the request first. */
function headings(path: RepoPath, lines: readonly string[], rarity: ReadonlyMap<string, number>): string[] {
  const worth = (heading: string) => (placeKind(path) === 'changelog' ? 0 : overlap(heading, rarity))
  return sections(lines)
    .map((section) => ({ ...section, worth: worth(section.heading) }))
    .sort((a, b) => b.worth - a.worth || a.lines.first - b.lines.first)
    .map((section) => `${clip(section.heading)} ${span(section.lines)}`)
}
