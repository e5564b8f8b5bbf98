import { existsSync, realpathSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, symlink } from 'node:fs/promises'
import { basename, dirname, join, posix, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { readRegularText } from '../files/read-regular.ts'
import { statsAt } from '../files/stats-at.ts'
import { folderForUncaged, placesOfWorktrees, temporaryFolder, tidyCache } from '../files/temporary-folder.ts'
import { isRunning, thisProcess } from '../processes/process-lock.ts'
import type { Changes, RepoPath } from '../types.ts'
import { asStored, OTHER_TREE, settingsOfFiles } from './as-stored.ts'
import { dependencyFolders, isInstalled } from './dependency-folders.ts'
import { changesBetween, diffTrees } from './diff-trees.ts'
import { git as defaultGit, GitError, type git, onePath, splitNul } from './git.ts'
import { IDENTITY } from './identity.ts'
import { ignoredPaths } from './ignored-paths.ts'
import { isWithin } from './is-within.ts'
import { obstacles } from './obstacles.ts'
import { type RepoOrFolder, stillOpen } from './open-repo.ts'
import { STAGED } from './protected-here.ts'
import { removeLeftovers } from './remove-planted.ts'
import { removeWorktree, unregister } from './remove-worktree.ts'
import { requireNoLinkedWorktrees } from './require-no-linked-ref.ts'
import { FOLDER_PREFIX, readOwner, thisMachine, writeOwner } from './worktree-owner.ts'
import { copyIndex, restoreFiles, type Snapshot, writeTree } from './write-tree.ts'

/** A second working tree of the repository, for an agent to work in. */
export interface AgentWorktree {
  /** Absolute path of its top folder. */
  readonly root: string
  /** The user's commit when it was opened; or the requested commit. */
  readonly head: string
  /** The commit that the agent starts from: `head`, one on top of it with the user's uncommitted changes, or the requested `editedFrom`. */
  readonly base: string
  /** Absolute path of the user's working tree, and of its dependency folders that are linked into this one. */
  readonly tree: string
  readonly linked: readonly string[]
  /** What git listed for STAGED when the worktree was opened; null: nobody asked. */
  readonly staged: string | null
  /** Its current content, without files that git ignores. */
  snapshot(): Promise<Snapshot>
  /** Restores its files to a snapshot; files that git ignores stay. */
  restore(to: Snapshot): Promise<void>
  /** Removes files that git ignores, which checks have left, but for linked dependencies. Rules may change then, and they would count. */
  removeIgnored(): Promise<void>
  /** A patch for `git apply` from `base` to a snapshot (default: now); '' if nothing changed. */
  diff(to?: Snapshot): Promise<string>
  changes(to?: Snapshot): Promise<Changes>
  /**
   * Filters paths of files to be created: those where the user has a file that is not in this worktree because git ignores it, and those
   * that git ignores in the user's tree alone (a virtual environment has a .gitignore that ignores itself). Removes what only checks have
   * left in folders of these paths.
   */
  taken(paths: readonly RepoPath[]): Promise<readonly RepoPath[]>
  /** Removes the folder and its registration. May be called twice. false: it is in use, and a later sweep removes it. */
  close(): Promise<boolean>
}

export interface WorktreeOptions {
  /** A commit: the worktree has only its files, without uncommitted changes and installed dependencies of the user. */
  readonly at?: string
  /** With `at`: the commit that `at` was edited from. It is then `base`. Default: `at` itself. */
  readonly editedFrom?: string
  /** With `at`: installed dependencies of the user are linked into it all the same. */
  readonly isLinked?: boolean
  /** It lies in the user's cache if others may put files above it (folderForUncaged): for checks that no cage surrounds. */
  readonly isApart?: boolean
  readonly git?: typeof git
}

/**
 * Opens a worktree in a temporary folder with the user's current state: HEAD, staged and unstaged edits, deletions, and
 * untracked files that are not ignored, with the bytes that git stores (asStored). Dependency folders are linked into it. With `at`: only the
 * state of that commit.
 *
 * The user's files, index and refs stay unchanged, and nothing is signed. Objects are written; after close() nothing refers to them and git
 * collects them. Submodules are empty folders. Throws UserError for a bare repository, one without commits, files that git cannot read, an
 * `at` that is no commit, and a missing temporary folder.
 */
export async function openWorktree(from: RepoOrFolder, options: WorktreeOptions = {}): Promise<AgentWorktree> {
  const run = options.git ?? defaultGit
  const repo = await stillOpen(from)
  requireNoLinkedWorktrees(repo.commonDir)
  const make = () => mkdtemp(join(options.isApart ? folderForUncaged() : temporaryFolder(), FOLDER_PREFIX))
  const folder = await make().catch(make) // another run may just have removed the empty folder in the cache
  const root = join(folder, nameBeside(basename(repo.root)))
  const links: RepoPath[] = []
  let staged: string | null = null
  let closing: Promise<boolean> | undefined
  const owner = { ...thisProcess(), machine: thisMachine(), commonDir: repo.commonDir, root, links }
  const close = () => {
    closing ??= removeWorktree(folder, owner, run).finally(tidyCache)
    return closing
  }
  try {
    await writeOwner(folder, owner)
    const scratch = await mkdtemp(join(folder, OWN))
    const { head, start, tree } =
      options.at === undefined
        ? await commitWhatTheUserSees(repo.root, scratch, run)
        : await commitOf(repo.root, options.at, run)
    await run(repo.root, ['worktree', 'add', '--detach', '--no-checkout', root, start])
    const keys = await settingsOfFiles(root, run)
    if (keys.includes(OTHER_TREE)) await requireItself(root, run)
    const plain = asStored(keys, head, run)
    await plain(root, ['reset', '--hard', '--no-recurse-submodules', '--quiet'])

    const base = options.editedFrom ?? start
    const known = new Set<RepoPath>()
    const isKnownFolder = knownFolders(known)
    if (options.at === undefined || options.isLinked) {
      staged = await run(root, STAGED)
      const paths = splitNul(staged).map((entry) => entry.slice(entry.indexOf('\t') + 1))
      for (const path of paths) known.add(path)
      for (const link of await dependencyFolders(repo.root, paths, run))
        if (await isWithin(root, link)) links.push(link)
      await writeOwner(folder, owner)
      for (const link of links) await linkFolder(join(repo.root, link), join(root, link))
    }

    // Checks may change the worktree's own index; diffs must not depend on it, so each starts from the index as it is now.
    const index = join(scratch, 'index')
    await copyIndex(await indexOf(root), index)
    // Also below a link: a check may have replaced it by a new installation.
    const isLeftOut = (path: RepoPath) => links.some((link) => path === link || path.startsWith(`${link}/`))
    const snapshot = () => writeTree(root, { index, scratch, tree, isLeftOut }, plain)
    return {
      root,
      head,
      base,
      tree: repo.root,
      linked: links.map((link) => join(repo.root, link)),
      staged,
      snapshot,
      restore: (to) => restoreFiles(root, to, links, plain),
      removeIgnored: async () => restoreFiles(root, await snapshot(), links, plain, true),
      diff: async (to) => diffTrees(root, base, (to ?? (await snapshot())).tree, scratch, run),
      changes: async (to) => changesBetween(root, base, (to ?? (await snapshot())).tree, run),
      async taken(paths) {
        const holdsLink = (folder: RepoPath) => links.some((link) => `${link}/`.startsWith(`${folder}/`))
        const isKnown = (folder: RepoPath) => isKnownFolder(folder) || holdsLink(folder)
        await removeLeftovers(root, paths, { index, isKnown }, plain)
        if (options.at !== undefined) return []
        const ignored = await ignoredPaths(repo.root, paths, run)
        // rules of known files are here, too, as the agent left them
        const isHidden = (path: RepoPath) => ignored.has(path) && !known.has(ignored.get(path)!)
        const inTheWay = new Set(obstacles(repo.root, paths, (path) => known.has(path)))
        return paths.filter((path) => inTheWay.has(path) || isHidden(path))
      },
      close,
    }
  } catch (error) {
    await close().catch(() => {}) // the first error is more useful, and sweepWorktrees cleans up later
    throw error
  }
}

/** Whether a folder holds one of these paths. The paths are read at the first question. */
function knownFolders(paths: ReadonlySet<RepoPath>): (folder: RepoPath) => boolean {
  let folders: Set<RepoPath> | undefined
  return (folder) => {
    if (!folders) {
      folders = new Set()
      for (const path of paths)
        for (let above = posix.dirname(path); above !== '.' && !folders.has(above); above = posix.dirname(above))
          folders.add(above)
    }
    return folders.has(folder)
  }
}

const OWN = 'own-' // beginning of the folder for files of ours, beside the worktree

/** The repository's name, changed if our own files beside the worktree may have it (OWN, owner.json): we would write into the repository. */
function nameBeside(name: string): string {
  return name.replace(/[\x00-\x1f]/g, '_').replace(/^o(?=wn)/i, '_') || 'repository'
}

/** With core.worktree and extensions.worktreeConfig, settings of an archive would make git work in any other folder. */
async function requireItself(root: string, run: typeof git): Promise<void> {
  const top = onePath(await run(root, ['rev-parse', '--show-toplevel']))
  if (realpathSync.native(top) === realpathSync.native(root)) return
  throw new UserError(
    `git takes ${top} for the working tree of a new worktree`,
    'see what sets core.worktree: git config --show-origin --get-all core.worktree',
  )
}

/**
 * Removes leftovers of killed runs: their folders, and registrations whose folder was deleted with the temporary folder. A run counts as
 * killed when its process has ended. A run in a container, or on another machine that shares these files, may have process numbers and a
 * temporary folder of its own: its worktree stays for a day. Returns the paths of the removed worktrees.
 */
export async function sweepWorktrees(
  repo: RepoOrFolder,
  options: { readonly git?: typeof git } = {},
): Promise<string[]> {
  const run = options.git ?? defaultGit
  const { commonDir } = await stillOpen(repo)
  const places = placesOfWorktrees()
  const removed: string[] = []
  for (const place of places)
    for (const name of (await readdir(place).catch(() => [])).filter((one) => one.startsWith(FOLDER_PREFIX))) {
      const owner = await readOwner(join(place, name))
      if (!owner || owner.commonDir !== commonDir) continue
      const isHere = owner.machine === null || owner.machine === thisMachine()
      if (isHere ? isRunning(owner) : isYoung(join(place, name, 'owner.json'))) continue
      if (await removeWorktree(join(place, name), owner, run)) removed.push(owner.root)
    }
  for (const { root, note } of await registeredWorktrees(commonDir)) {
    const folder = dirname(root)
    if (isYoung(note)) continue
    if (!places.has(dirname(folder)) || !basename(folder).startsWith(FOLDER_PREFIX) || existsSync(folder)) continue
    await unregister(commonDir, root, run)
    removed.push(root)
  }
  return removed
}

const DAY_MS = 86_400_000

const isYoung = (path: string) => Date.now() - (statsAt(path)?.mtimeMs ?? 0) < DAY_MS

/** The linked working trees, from git's own files: before 2.36, git lists them only by lines. note: the file that names its folder. */
async function registeredWorktrees(
  commonDir: string,
): Promise<readonly { readonly root: string; readonly note: string }[]> {
  const folder = join(commonDir, 'worktrees')
  const names = await readdir(folder).catch(() => [])
  return names.flatMap((name) => {
    const note = join(folder, name, 'gitdir')
    const file = readRegularText(note) // null: being removed, or a pipe in an archive of others
    return file === null ? [] : [{ root: dirname(resolve(folder, name, file.replace(/\n$/, ''))), note }]
  })
}

/** start: the commit that is checked out. tree: its tree, if it is known. */
interface Start {
  readonly head: string
  readonly start: string
  readonly tree?: string
}

async function commitWhatTheUserSees(root: string, scratch: string, run: typeof git): Promise<Start> {
  const asked = ['HEAD', 'HEAD^{tree}', '--git-path', 'index'] // the path last: it may hold line ends
  const said = await run(root, ['rev-parse', '--path-format=absolute', ...asked])
  const [head, headTree, index] = /^(\w+)\r?\n(\w+)\r?\n(.*)$/s.exec(onePath(said))!.slice(1) as [
    string,
    string,
    string,
  ]
  const { tree } = await writeTree(root, { index, scratch, isLeftOut: isInstalled }, run).catch((error: unknown) => {
    if (!(error instanceof GitError)) throw error
    const reason = error.stderr.trim().split('\n')[0] ?? ''
    throw new UserError(
      `git cannot take in the uncommitted files: ${reason}`,
      'make them readable, ignore them, or commit',
      { cause: error },
    )
  })
  if (tree === headTree) return { head, start: head, tree }
  const commit = ['commit-tree', tree, '-p', head, '--no-gpg-sign', '-m', 'Uncommitted changes at the start of the run']
  return { head, start: (await run(root, commit, { env: IDENTITY })).trim(), tree }
}

async function commitOf(root: string, revision: string, run: typeof git): Promise<Start> {
  try {
    const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
    const commit = (await run(root, asked)).trim()
    return { head: commit, start: commit }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    throw new UserError(`there is no commit '${revision}'`, 'name one that git log shows', { cause: error })
  }
}

/** Of a worktree that git has just made: its file .git names its folder. */
async function indexOf(root: string): Promise<string> {
  const file = onePath(await readFile(join(root, '.git'), 'utf8'))
  return resolve(root, file.replace(/^gitdir: /, ''), 'index')
}

async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await symlink(from, to, 'junction') // the type matters only on Windows, where a symbolic link would need a privilege
}
