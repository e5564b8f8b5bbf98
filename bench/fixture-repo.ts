import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PACKAGE_ROOT } from '../src/assets.ts'

export const FIXTURE_NAMES = ['bookshop-ts', 'ferry-py', 'monorepo-mixed'] as const

export type FixtureName = (typeof FIXTURE_NAMES)[number]

/** Path, with '/' separators -> text of the file. */
export type Tree = ReadonlyMap<string, string>

/** The folder of a fixture: the project after its last commit. */
export function fixtureFolder(name: FixtureName): string {
  return join(PACKAGE_ROOT, 'fixtures', 'repos', name)
}

/**
 * Makes the empty folder `into` a git repository with a fixture's project, checked out on main.
 *
 * history: replay all past commits (default); false gives one commit with the whole tree. Commit ids are the same on every machine:
 * names, dates and messages come from `<name>.history.json`, and the user's configuration, templates and hooks are not read. Three git
 * processes, about 0.1 s.
 */
export async function replayFixture(name: FixtureName, into: string, { history = true } = {}): Promise<void> {
  const commits = readHistory(name)
  const trees = pastTrees(readTree(fixtureFolder(name)), commits)
  const snapshots = history
    ? commits.map((commit, index) => ({ commit, before: trees[index]!, after: trees[index + 1]! }))
    : [{ commit: { ...commits.at(-1)!, subject: 'Import', body: [] }, before: trees[0]!, after: trees.at(-1)! }]
  await runGit(into, ['init', '--quiet', '--initial-branch=main', '--template='])
  await appendFile(join(into, '.git', 'config'), repositoryConfig(into))
  await runGit(into, ['fast-import', '--quiet', '--date-format=raw'], snapshots.map(importCommit).join(''))
  await runGit(into, ['reset', '--quiet', '--hard', 'main'])
}

/** Runs git in a fixture's repository without the machine's configuration. Returns standard output; rejects if git fails. */
export async function runGit(root: string, args: readonly string[], input?: string): Promise<string> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))
  // git for Windows accepts /dev/null too (compat/mingw.c).
  const isolated = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }
  const env = { ...Object.fromEntries(kept), ...isolated }
  const running = promisify(execFile)('git', [...args], { cwd: root, env, maxBuffer: 64 << 20, windowsHide: true })
  running.child.stdin?.end(input)
  return (await running).stdout
}

/** A past commit. `files` has its change to each file, by the file's name after the commit. */
export interface PastCommit {
  /** ISO 8601, with the author's time zone. */
  readonly date: string
  /** 'Name <mail>'. */
  readonly author: string
  readonly subject: string
  readonly body?: readonly string[]
  readonly files: Readonly<Record<string, Change>>
}

/** A hunk of a diff: lines that begin with ' ', '-' or '+'. It has no line numbers: its new side occurs once in the file. */
type Hunk = readonly string[]

type Change =
  | 'new'
  | readonly Hunk[]
  | { readonly movedFrom: string; readonly hunks: readonly Hunk[] }
  | { readonly removed: readonly string[] }

/** The commits of a fixture, oldest first. */
export function readHistory(name: FixtureName): readonly PastCommit[] {
  return (JSON.parse(readFileSync(`${fixtureFolder(name)}.history.json`, 'utf8')) as { commits: PastCommit[] }).commits
}

// Output of a fixture's own tests, if they ran in place.
const LEFT_BEHIND = new Set(['node_modules', '__pycache__', 'target', '.git', '.DS_Store'])

/** All files below a folder, sorted by path. */
export function readTree(folder: string): Tree {
  const paths = listFiles(folder, '').sort((left, right) => (left < right ? -1 : 1))
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}

function listFiles(folder: string, prefix: string): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_BEHIND.has(entry.name)) return []
    return entry.isDirectory() ? listFiles(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`]
  })
}

/**
 * The empty tree before the first commit, then the tree after each one. Commits are undone from the last one backwards, so the end is
 * exactly `final`. Throws if `commits` does not fit: a hunk that does not occur once, a file of unknown origin.
 */
export function pastTrees(final: Tree, commits: readonly PastCommit[]): readonly Tree[] {
  const trees = [final]
  for (const commit of [...commits].reverse()) trees.unshift(undo(commit, trees[0]!))
  if (trees[0]!.size > 0) throw new Error(`no commit introduces ${[...trees[0]!.keys()].join(', ')}`)
  return trees
}

function undo(commit: PastCommit, after: Tree): Tree {
  const before = new Map(after)
  for (const [path, change] of Object.entries(commit.files)) {
    const where = `${path} in "${commit.subject}"`
    if (typeof change === 'object' && 'removed' in change) {
      before.set(path, joinLines(change.removed))
      continue
    }
    if (!before.delete(path)) throw new Error(`${where}: there is no such file after this commit`)
    if (change === 'new') continue
    const { hunks, movedFrom } = 'movedFrom' in change ? change : { hunks: change, movedFrom: path }
    const text = hunks.reduce((later, hunk) => undoHunk(later, hunk, where), after.get(path)!)
    before.set(movedFrom, text)
  }
  return before
}

function undoHunk(text: string, hunk: Hunk, where: string): string {
  const now = hunk.filter((line) => line[0] !== '-').map((line) => line.slice(1))
  const was = hunk.filter((line) => line[0] !== '+').map((line) => line.slice(1))
  const lines = text.slice(0, -1).split('\n')
  const places = lines.flatMap((_, at) => (now.every((line, index) => lines[at + index] === line) ? [at] : []))
  if (places.length !== 1) throw new Error(`${where}: found ${places.length} times instead of once:\n${joinLines(now)}`)
  return joinLines(lines.toSpliced(places[0]!, now.length, ...was))
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

interface Snapshot {
  readonly commit: PastCommit
  readonly before: Tree
  readonly after: Tree
}

/** A commit in the format of `git fast-import`. */
function importCommit({ commit, before, after }: Snapshot): string {
  const person = `${commit.author} ${Date.parse(commit.date) / 1000} ${commit.date.slice(-6).replace(':', '')}`
  const message = joinLines([commit.subject, ...(commit.body?.length ? ['', ...commit.body] : [])])
  const removed = [...before.keys()].filter((path) => !after.has(path)).map((path) => `D ${path}\n`)
  const written = [...after].filter(([path, text]) => before.get(path) !== text)
  const files = written.map(([path, text]) => `M ${modeOf(path)} inline ${path}\n${data(text)}`)
  return `commit refs/heads/main\nauthor ${person}\ncommitter ${person}\n${data(message)}${removed.join('')}${files.join('')}\n`
}

/** From the name, not from disk: Windows has no such bit. */
function modeOf(path: string): string {
  return path.endsWith('.sh') ? '100755' : '100644'
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`
}

/** Overrides the user's settings for every later git command here. */
function repositoryConfig(root: string): string {
  return [
    '[user]\n\tname = Fixture\n\temail = fixture@repose.example',
    `[core]\n\tautocrlf = false\n\tfsmonitor = false\n\t${hooksPathOf(root)}`,
    '[commit]\n\tgpgSign = false\n[tag]\n\tgpgSign = false\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n',
  ].join('\n')
}

/** The line of a fixture's git configuration that depends on its folder. */
export function hooksPathOf(root: string): string {
  return `hooksPath = "${join(root, '.git', 'hooks').replaceAll('\\', '/')}"`
}
