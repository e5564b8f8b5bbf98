import { countEach } from '../../src/groups.ts'
import { shownPath } from '../../src/paths.ts'
import { outlineLine } from '../../src/retrieve/outline.ts'
import type { SymbolRow } from '../../src/store/facts.ts'
import { type ReadSummary, summaryReader } from '../../src/summary/summary-reader.ts'
import { WIDEST } from '../../src/text/last-commits.ts'
import { shorten } from '../../src/text/shorten.ts'
import { trimEndOf } from '../../src/text/trim-end.ts'
import type { RepoPath } from '../../src/types.ts'
import { openWorkspace } from '../feature/workspace.ts'
import { sayDefinition } from './find-text.ts'
import type { ServedIndex } from './served-index.ts'

export interface Explained {
  readonly kind: 'repository' | 'folder' | 'file' | 'definition'
  readonly text: string
  readonly evidence: { path: RepoPath; line: number; symbol: string }[]
  readonly isStale: boolean
}

const LONGEST = 5000 // characters of a path or a name
const ENTRIES = 30 // definitions of a file
const NEIGHBOURS = 10 // files
const PARTNERS = 5
const COMMITS = 40 // looked at
const SHOWN_COMMITS = 3
const ANY_WIDTH = Number.MAX_SAFE_INTEGER // files of a commit: one that formats the whole repository counts, too
const SAME_NAME = 5
const BODY = 60 // lines

/** What is known of a subject; null: nothing has that name. */
export async function explainSubject(about: string, index: ServedIndex): Promise<Explained | null> {
  const { store, worktree } = index
  if (about.length > LONGEST) return null // a question
  const subject = about.replace(/^\.\/(?=.)/, '')
  if (/[\n]/.test(subject)) return null
  if (/^(\.\/?|\/)$/.test(subject)) return explainFolder('.', index)
  if (store.facts.file(worktree, subject)) return explainFile(subject, index)
  const place = /^(.+?)#(.+)$/.exec(subject)
  if (place && store.facts.file(worktree, place[1]!)) {
    const [, path, name] = place
    const found = store.facts.symbols(worktree, path!).filter((one) => one.qualified === name || one.name === name)
    return found.length > 0
      ? explainDefinitions(
          found.map((one) => ({ ...one, path: path! })),
          index,
        )
      : explainFile(path!, index)
  }
  if (/\s/.test(subject)) return null
  const folder = `${trimEndOf(subject, '/')}/`
  if (store.facts.hasFolder(worktree, folder)) return explainFolder(folder, index)
  const [, owner = '', name = ''] = /^(?:(.*)[.#:])?([^.#:()]+)(?:\(\))?$/.exec(subject) ?? []
  const named = store.facts.symbolsNamed(worktree, name, 10 * SAME_NAME)
  const found = named.filter(({ qualified }) => owner === '' || qualified.startsWith(`${owner}.`))
  return found.length > 0 ? explainDefinitions(found, index) : null
}

async function explainFolder(subject: string, { repo, store, worktree, signal }: ServedIndex): Promise<Explained> {
  const summary = summaryReader(store, worktree, 'whole')(subject, '')
  const files = await openWorkspace(repo.root, undefined, { signal }).folder(subject === '.' ? '' : subject)
  const said = summary ? `${summary.text}${sayState(summary)}` : '(no summary yet: repose sleep writes them)'
  const text = [said, files].filter(Boolean).join('\n\n')
  return { kind: subject === '.' ? 'repository' : 'folder', text, evidence: [], isStale: summary?.stale ?? false }
}

function explainFile(path: RepoPath, index: ServedIndex): Explained {
  const { store, worktree } = index
  const file = store.facts.file(worktree, path)!
  const summary = summaryReader(store, worktree, 'whole')(path, '')
  const symbols = store.facts.symbols(worktree, path)
  const top = symbols.slice(0, ENTRIES)
  const [imports, importers] = [store.facts.importsOf([file.id]), store.facts.importersOf([file.id])].map((of) =>
    of.get(file.id)!.map((one) => one.path),
  )
  const text = [
    `${shownPath(path)}${file.lines === null ? '' : `, ${file.lines} lines`}`,
    summary ? `${summary.text}${sayState(summary)}` : '',
    ...changes(path, index),
    sayList('Imports', imports!),
    sayList('Imported by', importers!),
    ...(top.length > 0 ? ['Defines:', ...top.map((symbol) => outlineLine(symbol))] : []),
    symbols.length > top.length ? `(${symbols.length - top.length} more definitions)` : '',
  ]
  const evidence = top.map(({ qualified, lines }) => ({ path, line: lines.first, symbol: qualified }))
  return { kind: 'file', text: text.filter(Boolean).join('\n'), evidence, isStale: summary?.stale ?? false }
}

async function explainDefinitions(found: readonly SymbolRow[], index: ServedIndex): Promise<Explained> {
  const { store, worktree, repo, maxFileBytes } = index
  const shown = found.slice(0, SAME_NAME)
  const summaryOf = summaryReader(store, worktree, 'whole')
  const summaries = shown.map((one) => summaryOf(`${one.path}#${one.qualified}`, one.hash))
  const { name } = shown[0]!
  const users = store.facts
    .usersOf(worktree, name, 3 * NEIGHBOURS)
    .filter((path) => shown.every((one) => one.path !== path))
  const lines = shown.flatMap((one, i) => {
    const said = summaries[i]
    return [sayDefinition(one), said ? `${said.text}${sayState(said)}` : (one.doc ?? '')]
  })
  const only = shown.length === 1 ? shown[0]! : null
  const workspace = openWorkspace(repo.root, undefined, { maxFileBytes })
  const source = only && only.lines.last - only.lines.first < BODY ? await workspace.read(only.path) : null
  const body = source?.split(/\r?\n/).slice(only!.lines.first - 1, only!.lines.last) ?? []
  const members = only && body.length === 0 ? membersOf(only, index) : []
  const text = [
    ...lines,
    ...members,
    found.length > shown.length ? `(${found.length - shown.length} more of this name)` : '',
    ...(body.length > 0 ? ['', ...body, ''] : []),
    sayList(`Files that use the name ${name}`, users),
    ...(only ? changes(only.path, index) : []),
  ]
  const evidence = shown.map((one) => ({ path: one.path, line: one.lines.first, symbol: one.qualified }))
  return {
    kind: 'definition',
    text: text
      .filter((line, i) => line !== '' || (i > 0 && text[i - 1] !== ''))
      .join('\n')
      .trim(),
    evidence,
    isStale: summaries.some((one) => one?.stale),
  }
}

/** The outline of a definition that is too long to be shown. */
function membersOf({ path, qualified }: SymbolRow, { store, worktree }: ServedIndex): string[] {
  const members = store.facts.symbols(worktree, path).filter((one) => one.qualified.startsWith(`${qualified}.`))
  return members.slice(0, ENTRIES).map((symbol) => outlineLine(symbol))
}

/** When a file last changed, and what usually changes with it. */
function changes(path: RepoPath, { store, worktree }: ServedIndex): string[] {
  const newest = store.history.commitsOf(worktree, path, SHOWN_COMMITS, ANY_WIDTH).map(({ id }) => id)
  if (newest.length === 0) return []
  const described = store.history.described(newest).sort((a, b) => newest.indexOf(a.id) - newest.indexOf(b.id))
  const said = described.map(({ hash, time, subject }) => `${day(time)} ${hash.slice(0, 8)} ${shorten(subject, 70)}`)
  const commits = store.history.commitsOf(worktree, path, COMMITS)
  const together = countEach([...store.history.pathsOf(worktree, commits).values()].flat())
  const partners = [...together]
    .filter(([other, times]) => other !== path && times >= 2)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, PARTNERS)
  return [
    `Last changed: ${said.join('; ')}`,
    partners.length > 0
      ? `Of its last ${commits.length} commits of at most ${WIDEST} files also changed: ${partners.map(([other, times]) => `${shownPath(other)} (${times})`).join(', ')}`
      : '',
  ]
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}

function sayList(head: string, paths: readonly RepoPath[]): string {
  if (paths.length === 0) return ''
  const rest = paths.length - NEIGHBOURS
  return `${head}: ${paths.slice(0, NEIGHBOURS).map(shownPath).join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`
}

/** That a summary is stale, or was written elsewhere. */
function sayState({ stale, origin }: ReadSummary): string {
  const said = [...(stale ? ['written before its last change'] : []), ...(origin ? [`came from ${origin}`] : [])]
  return said.length > 0 ? ` (${said.join('; ')})` : ''
}
