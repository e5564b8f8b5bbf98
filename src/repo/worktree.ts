import { existsSync } from 'node:fs'
import { access, constants, mkdir, mkdtemp, readdir, readFile, realpath, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { isRunning, thisProcess } from '../processes/process-lock.ts'
import type { Changes, RepoPath } from '../types.ts'
import { dependencyFolders, isInstalled } from './dependency-folders.ts'
import { changesBetween, diffTrees } from './diff-trees.ts'
import { git as defaultGit, GitError, type git, onePath, splitNul } from './git.ts'
import { obstacles } from './obstacles.ts'
import { openRepo, type Repo } from './open-repo.ts'
import { removeWorktree, unregister } from './remove-worktree.ts'
import { FOLDER_PREFIX, readOwner, writeOwner } from './worktree-owner.ts'
import { copyIndex, restoreFiles, type Snapshot, writeTree } from './write-tree.ts'

/** A second working tree of the repository, for an agent to work in. */
export interface AgentWorktree {
  /** Absolute path of its top folder. */
  readonly root: string
  /** The user's commit at the time it was opened; the commit asked for, if one was. */
  readonly head: string
  /** Commit that holds what the agent begins with: `head` itself, or one on top of it with the user's uncommitted changes. */
  readonly base: string
  /** Absolute path of the user's working tree, and of its folders of installed dependencies that are linked into this one. */
  readonly tree: string
  readonly linked: readonly string[]
  /** What stands in it now; files that git ignores are not in it. */
  snapshot(): Promise<Snapshot>
  /** Puts its files back to a snapshot of it; files that git ignores stay as they are. */
  restore(to: Snapshot): Promise<void>
  /** What was changed from `base` to a snapshot (default: to now), as a patch for `git apply`; '' when nothing was. */
  diff(to?: Snapshot): Promise<string>
  changes(to?: Snapshot): Promise<Changes>
  /** Of paths at which files are to be made, those where the user has something that is not in it: what git ignores. */
  taken(paths: readonly RepoPath[]): Promise<readonly RepoPath[]>
  /** Removes the folder and its registration. May be called twice. false: a file in it is in use (Windows), and a later sweep removes it. */
  close(): Promise<boolean>
}

export interface WorktreeOptions {
  /** A commit: its files are what stands in the worktree, and nothing of the user's state, installed dependencies included. */
  readonly at?: string
  readonly git?: typeof git
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'repose',
  GIT_AUTHOR_EMAIL: 'repose@localhost',
  GIT_COMMITTER_NAME: 'repose',
  GIT_COMMITTER_EMAIL: 'repose@localhost',
}

/**
 * Opens a worktree in the system's folder for temporary files, in the state that the user sees: HEAD, staged and unstaged
 * edits, deletions, and untracked files that are not ignored. Folders of installed dependencies are linked into it.
 * With `at`, in the state of that commit alone.
 *
 * The user's files, index and refs stay as they are, nothing is signed. Objects are written; when the
 * worktree is closed nothing refers to them and git collects them. Submodules are empty folders.
 * Throws UserError for a bare repository, one without commits, for files that git cannot read, when `at` is no commit, and
 * when there is no folder for temporary files.
 */
export async function openWorktree(repoRoot: string, options: WorktreeOptions = {}): Promise<AgentWorktree> {
  const run = options.git ?? defaultGit
  const repo = await openRepo(repoRoot)
  const folder = await mkdtemp(join(await temporaryFolder(), FOLDER_PREFIX))
  const root = join(folder, basename(repo.root).replace(/[\x00-\x1f]/g, '_') || 'repository')
  const links: RepoPath[] = []
  let closing: Promise<boolean> | undefined
  const owner = { ...thisProcess(), commonDir: repo.commonDir, root, links }
  const close = () => {
    closing ??= removeWorktree(folder, owner, run)
    return closing
  }
  try {
    await writeOwner(folder, owner)
    const base =
      options.at === undefined
        ? await commitWhatTheUserSees(repo, folder, run)
        : await commitOf(repo.root, options.at, run)
    await run(repo.root, ['worktree', 'add', '--detach', root, base])

    const known = new Set<RepoPath>()
    if (options.at === undefined) {
      const paths = splitNul(await run(root, ['ls-tree', '-r', '--name-only', '-z', base]))
      for (const path of paths) known.add(path)
      links.push(...(await dependencyFolders(repo.root, paths, run)))
      await writeOwner(folder, owner)
      for (const link of links) await linkFolder(join(repo.root, link), join(root, link))
    }

    // What checks do to the worktree's own index must not count: each diff starts from the index as it is now.
    const index = join(folder, 'index')
    await copyIndex(await indexOf(root, run), index)
    // Below a link too: a check may have installed anew in its place.
    const isLeftOut = (path: RepoPath) => links.some((link) => path === link || path.startsWith(`${link}/`))
    const snapshot = () => writeTree(root, { index, scratch: folder, isLeftOut }, run)
    return {
      root,
      head: options.at === undefined ? repo.head : base,
      base,
      tree: repo.root,
      linked: links.map((link) => join(repo.root, link)),
      snapshot,
      restore: (to) => restoreFiles(root, to, links, run),
      diff: async (to) => diffTrees(root, base, (to ?? (await snapshot())).tree, folder, run),
      changes: async (to) => changesBetween(root, base, (to ?? (await snapshot())).tree, run),
      taken: async (paths) => (options.at === undefined ? obstacles(repo.root, paths, (path) => known.has(path)) : []),
      close,
    }
  } catch (error) {
    await close().catch(() => {}) // the first error says more, and sweepWorktrees comes by later
    throw error
  }
}

/**
 * Removes what killed runs have left: their folders, and registrations whose folder is gone (the system empties its folder
 * for temporary files). A run counts as killed when its process is no more. Returns the worktrees removed, by path.
 */
export async function sweepWorktrees(repoRoot: string, options: { readonly git?: typeof git } = {}): Promise<string[]> {
  const run = options.git ?? defaultGit
  const { commonDir } = await openRepo(repoRoot)
  const temporary = await temporaryFolder()
  const removed: string[] = []
  for (const name of (await readdir(temporary)).filter((one) => one.startsWith(FOLDER_PREFIX))) {
    const owner = await readOwner(join(temporary, name))
    if (!owner || owner.commonDir !== commonDir || isRunning(owner)) continue
    if (await removeWorktree(join(temporary, name), owner, run)) removed.push(owner.root)
  }
  for (const root of await registeredWorktrees(commonDir)) {
    const folder = dirname(root)
    if (dirname(folder) !== temporary || !basename(folder).startsWith(FOLDER_PREFIX) || existsSync(folder)) continue
    await unregister(commonDir, root, run)
    removed.push(root)
  }
  return removed
}

/** The system's folder for temporary files, symbolic links resolved. Throws UserError when it is not there or cannot be written. */
async function temporaryFolder(): Promise<string> {
  try {
    await access(tmpdir(), constants.W_OK)
    return await realpath(tmpdir())
  } catch (cause) {
    throw new UserError(
      `the folder for temporary files, ${tmpdir()}, is not there or cannot be written`,
      'set TMPDIR to one that can',
      { cause },
    )
  }
}

/** Top folders of the linked working trees, as git notes them: its list tells of them by lines, unless it is newer than 2.35. */
async function registeredWorktrees(commonDir: string): Promise<string[]> {
  const folder = join(commonDir, 'worktrees')
  const names = await readdir(folder).catch(() => [])
  const roots = await Promise.all(
    names.map(async (name) => {
      const file = await readFile(join(folder, name, 'gitdir'), 'utf8').catch(() => null) // going
      return file === null ? [] : [dirname(resolve(folder, name, file.replace(/\n$/, '')))]
    }),
  )
  return roots.flat()
}

async function commitWhatTheUserSees(repo: Repo, scratch: string, run: typeof git): Promise<string> {
  const index = await indexOf(repo.root, run)
  const { tree } = await writeTree(repo.root, { index, scratch, isLeftOut: isInstalled }, run).catch(
    (error: unknown) => {
      if (!(error instanceof GitError)) throw error
      const reason = error.stderr.trim().split('\n')[0] ?? ''
      throw new UserError(
        `git cannot take in the uncommitted files: ${reason}`,
        'make them readable, ignore them, or commit',
        { cause: error },
      )
    },
  )
  const headTree = (await run(repo.root, ['rev-parse', `${repo.head}^{tree}`])).trim()
  if (tree === headTree) return repo.head
  const commit = [
    'commit-tree',
    tree,
    '-p',
    repo.head,
    '--no-gpg-sign',
    '-m',
    'Uncommitted changes at the start of the run',
  ]
  return (await run(repo.root, commit, { env: IDENTITY })).trim()
}

async function commitOf(root: string, revision: string, run: typeof git): Promise<string> {
  try {
    const commit = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
    return (await run(root, commit)).trim()
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    throw new UserError(`there is no commit '${revision}'`, 'name one that git log shows', { cause: error })
  }
}

async function indexOf(root: string, run: typeof git): Promise<string> {
  return onePath(await run(root, ['rev-parse', '--path-format=absolute', '--git-path', 'index']))
}

async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await symlink(from, to, 'junction') // the type counts on Windows only, where a symbolic link would need a privilege
}
