import { createHash, randomUUID } from 'node:crypto'
import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { MOST_TEXT, readRegular } from '../files/read-regular.ts'
import { quoteForShell } from '../processes/quote-for-shell.ts'
import { GitError, git } from './git.ts'
import { gitDirOf } from './git-dir-of.ts'

export interface Repo {
  /** Absolute path of the working tree's top folder. */
  readonly root: string
  /** Absolute path of the folder that all worktrees of the repository share. */
  readonly commonDir: string
  /** Absolute path of git's folder for this working tree: its index and HEAD are there. */
  readonly gitDir: string
  /** The checked-out commit. */
  readonly head: string
  /** A digest of the oldest commits of a shallow clone. null: this clone has the whole history. */
  readonly shallow: string | null
}

/** A repository that was opened, or a folder in one. */
export type RepoOrFolder = Pick<Repo, 'root' | 'commonDir'> | string

/** The repository has no commit yet. */
export class NoCommits extends UserError {
  readonly root: string
  readonly commonDir: string

  constructor(root: string, commonDir: string) {
    super('the repository has no commits yet', 'commit something first: git add -A && git commit')
    this.root = root
    this.commonDir = commonDir
  }
}

/** A folder is in no working tree of a git repository. */
export class NotARepository extends UserError {}

/**
 * Finds the repository that contains `folder`. Throws UserError if there is none, it is bare or has no commit yet, `repose` in it is a link,
 * or its settings name another working tree.
 */
export async function openRepo(folder: string): Promise<Repo> {
  const from = resolve(folder)
  requireUtf8(from)
  if (!statSync(from, { throwIfNoEntry: false })?.isDirectory())
    throw new NotARepository(`there is no folder ${from}`, 'name an existing one with --repo DIR')
  const facts = await revParse(from)
  if (facts === null)
    throw new NotARepository(
      `${from} is not in a git repository`,
      'run it in one, or make one: git init && git add -A && git commit',
    )
  const [bare, commonDir, gitDir, root, head] = facts
  if (bare === 'true' || root === undefined)
    throw new NotARepository(
      bare === 'true' ? `${from} is a bare repository` : `${from} is in the folder that git keeps for itself`,
      `run it in a working tree${bare === 'true' ? ' (git worktree add DIR)' : ''}`,
    )
  // resolve: git on Windows prints C:/shop
  const [top, common, own] = [root, commonDir!, gitDir!].map((path) => resolve(from, path)) as [string, string, string]
  requireUtf8(common)
  requireOwnTree(top, own)
  if (!head) throw new NoCommits(top, common)
  requireOwnFolder(join(common, 'repose'))
  return { root: top, commonDir: common, gitDir: own, head, shallow: shallowEnd(common) }
}

/** Opens a folder's repository. Of one that was opened, only the place where repose keeps its files is looked at again. */
export async function stillOpen(repo: RepoOrFolder): Promise<Pick<Repo, 'root' | 'commonDir'>> {
  if (typeof repo === 'string') return openRepo(repo)
  requireOwnFolder(join(repo.commonDir, 'repose'))
  return repo
}

/** The repository as openRepo() would find it with this commit checked out. Only for one whose places are still the same: see placesOf. */
export function atHead(repo: Repo, head: string): Repo {
  requireOwnFolder(join(repo.commonDir, 'repose'))
  return { ...repo, head, shallow: shallowEnd(repo.commonDir) }
}

/** Bytes that are not UTF-8 reach us as U+FFFD, and the name then means another folder. */
function requireUtf8(folder: string): void {
  if (folder.includes('\ufffd') && !existsSync(folder))
    throw new UserError(`the name of the folder ${folder} is not UTF-8`, 'rename it: repose reads all names as UTF-8')
}

/** core.worktree of an archive can name any folder as its working tree, such as / or the home folder. */
function requireOwnTree(root: string, gitDir: string): void {
  try {
    if (realpathSync.native(gitDirOf(root)) === realpathSync.native(gitDir)) return
  } catch {} // there is no .git
  throw new UserError(
    `${gitDir} says that its working tree is ${root} (core.worktree), and there is no .git that leads back`,
    `remove the setting: git config --file ${quoteForShell(join(gitDir, 'config'))} --unset core.worktree`,
  )
}

/** A link may have come with an archive, and would lead to files of the user, or to what repose keeps of another repository. */
function requireOwnFolder(folder: string): void {
  const own = lstatSync(folder, { throwIfNoEntry: false })
  const within = own?.isDirectory() ? ['results', 'transcripts'].map((name) => join(folder, name)) : []
  for (const path of [folder, ...within])
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
      throw new UserError(
        `${path} is a symbolic link: repose keeps its files in a folder of this repository`,
        'delete the link; --db FILE or REPOSE_DB names a database elsewhere',
      )
}

function shallowEnd(commonDir: string): string | null {
  const oldest = readRegular(join(commonDir, 'shallow'), { maxBytes: MOST_TEXT })
  return typeof oldest === 'string' ? null : createHash('sha1').update(oldest).digest('hex')
}

/**
 * [is bare, common folder, git's folder, top folder, commit]. The commit is missing if there is none; the last two are missing without a working tree.
 * null: no repository.
 */
async function revParse(folder: string): Promise<string[] | null> {
  // git prints an unknown option unchanged: a line that no folder name can contain
  const between = `--${randomUUID()}`
  const ask = async (...what: string[]) => {
    const asked = what.flatMap((one, i) => (i === 0 ? [one] : [between, one]))
    const output = await git(folder, ['rev-parse', '--path-format=absolute', ...asked])
    return output.split(`${between}\n`).map((one) => one.slice(0, -1)) // remove git's line end, keep those of the name
  }
  const place = ['--is-bare-repository', '--git-common-dir', '--git-dir']
  try {
    return await ask(...place, '--show-toplevel', 'HEAD')
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    if (/dubious ownership/.test(error.stderr)) {
      throw new UserError(
        `git does not trust ${folder}: it belongs to another user`,
        `git config --global --add safe.directory ${quoteForShell(folder)}`,
      )
    }
    if (/safe\.bareRepository/.test(error.stderr))
      throw new UserError(`${folder} is a bare repository`, 'run it in a working tree (git worktree add DIR)')
    return ask(...place, '--show-toplevel')
      .catch(() => ask(...place))
      .catch(() => null)
  }
}
