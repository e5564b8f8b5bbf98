import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import { temporaryFolder } from '../files/temporary-folder.ts'
import { uninterrupted } from '../processes/uninterrupted.ts'
import type { RepoPath } from '../types.ts'
import { diffParts } from './diff-parts.ts'
import { GitError, git, splitNul } from './git.ts'
import { ofOurRefs } from './identity.ts'
import { ignoredPaths } from './ignored-paths.ts'
import { keepDiff } from './keep-diff.ts'
import { obstacles } from './obstacles.ts'
import { type Repo, type RepoOrFolder, stillOpen } from './open-repo.ts'
import { putBack, readStanding, restoreModes } from './put-back.ts'
import { requireNoLinkedRef } from './require-no-linked-ref.ts'

export type ApplyOutcome =
  | { readonly status: 'applied'; readonly files: readonly RepoPath[] }
  | { readonly status: 'nothing' }
  /** Nothing was changed. files: those whose changes do not fit. keptAt: absolute path of the diff. */
  | { readonly status: 'clash'; readonly files: readonly RepoPath[]; readonly keptAt: string }

export type CommitOutcome =
  | { readonly status: 'committed'; readonly branch: string; readonly commit: string }
  | { readonly status: 'nothing' }
  /** No branch was made. message: the reason, one line. files: those whose changes do not fit, if that is the reason. */
  | {
      readonly status: 'refused'
      readonly message: string
      readonly files: readonly RepoPath[]
      readonly keptAt: string
    }

// The user's apply.* settings could change white space.
export const APPLY = [
  '-c',
  'apply.whitespace=nowarn',
  '-c',
  'apply.ignoreWhitespace=no',
  'apply',
  '--whitespace=nowarn',
]

/**
 * Applies a diff of AgentWorktree.diff() to the user's working tree, all of it or nothing. The index is not touched. A diff that does not
 * fit because the user has edited meanwhile is kept in `<git common dir>/repose/results`, or by `keep` if it is kept already. Throws git's
 * error when it cannot write (for instance a full disk); the files are then restored. Once it writes, Ctrl-C does not cut it short, unless
 * git hangs (uninterrupted()): the files are restored then, too. written: called after the last file; it is not cut short either.
 */
export async function applyToTree(
  repo: RepoOrFolder,
  diff: string,
  keep: typeof keepDiff = keepDiff,
  written: () => Promise<void> = async () => {},
): Promise<ApplyOutcome> {
  if (diff === '') return { status: 'nothing' }
  const { root, commonDir } = await stillOpen(repo)
  const clash = async (inTheWay: readonly RepoPath[]): Promise<ApplyOutcome> => {
    const files = [...new Set([...inTheWay, ...(await clashingFiles(root, diff))])].sort()
    return { status: 'clash', files, keptAt: await keep(commonDir, diff) }
  }
  const inTheWay = await obstaclesOf(root, diff)
  if (inTheWay.length > 0 || !(await fits(root, diff))) return clash(inTheWay)
  const files = await filesOf(root, diff)
  const before = await readStanding(root, files)
  return uninterrupted(async (giveUp) => {
    try {
      await git(root, APPLY, { input: diff, signal: giveUp })
    } catch (error) {
      // the user has just saved one of the files: git wrote nothing, and what was saved must stay
      if (error instanceof GitError && error.exitCode === NOT_FITTING) return clash([])
      await putBack(before, error) // git removes all of them before it writes the first
      throw error
    }
    await restoreModes(before)
    await written()
    return { status: 'applied', files }
  })
}

const NOT_FITTING = 1 // the exit code of `git apply` if a part does not fit; if it cannot write, it is 128

/**
 * Files that the diff creates where git does not list the user's file or folder, because it is ignored or a folder, or where it would
 * ignore the new file. `git apply` checks only some of them before it starts.
 */
async function obstaclesOf(root: string, diff: string): Promise<readonly RepoPath[]> {
  const all = diffParts(diff)
  const pathsOf = async (mark: string) => {
    const parts = all.filter((part) =>
      new RegExp(`\\n${mark} file mode `).test(part.split(/\n(?:@@|GIT binary)/, 1)[0]!),
    )
    return parts.length === 0 ? [] : filesOf(root, parts.join(''))
  }
  const gone = new Set(await pathsOf('deleted'))
  const made = (await pathsOf('new')).filter((path) => !gone.has(path)) // a file that becomes a link is both deleted and created
  return [...obstacles(root, made, (path) => gone.has(path)), ...(await hiddenIn(root, made, diff))]
}

/** New files of a diff that git would ignore by a rule that the diff itself does not change. A git process or two. */
async function hiddenIn(root: string, made: readonly RepoPath[], diff: string): Promise<readonly RepoPath[]> {
  const ignored = await ignoredPaths(root, made)
  if (ignored.size === 0) return []
  const changed = new Set(await filesOf(root, diff))
  return made.filter((path) => ignored.has(path) && !changed.has(ignored.get(path)!))
}

/**
 * Checks that git would make `branch` at the checked-out commit now, without making it. Throws UserError for an invalid name, an existing
 * branch, or a branch that conflicts with the name.
 */
export async function requireNewBranch(
  { root, commonDir, head }: Pick<Repo, 'root' | 'commonDir' | 'head'>,
  branch: string,
): Promise<void> {
  const ref = await newRef({ root, commonDir }, branch)
  if (await succeeds(root, ['show-ref', '--verify', '--quiet', ref]))
    throw new UserError(`there is a branch ${branch} already`, 'choose another name')
  const input = `start\ncreate ${ref} ${head}\nprepare\nabort\n`
  await git(root, ['update-ref', '--no-deref', '--stdin'], { input, env: ofOurRefs(commonDir) }).catch(
    (error: unknown) => {
      if (!(error instanceof GitError)) throw error
      const why = error.stderr
        .trim()
        .split('\n')[0]!
        .replace(/^fatal: (prepare: )?/, '')
      throw new UserError(`git cannot make branch ${branch}: ${why}`, 'choose another name', { cause: error })
    },
  )
}

/** The ref of a branch. Throws UserError for a name that git does not allow, and if the ref or its log lies behind a link. */
async function newRef({ root, commonDir }: Pick<Repo, 'root' | 'commonDir'>, branch: string): Promise<string> {
  const ref = `refs/heads/${branch}`
  if (branch.startsWith('-') || !(await succeeds(root, ['check-ref-format', ref])))
    throw new UserError(`git does not allow '${branch}' as the name of a branch`, 'choose one like repose/add-search')
  requireNoLinkedRef(commonDir, ref)
  return ref
}

/**
 * Makes `branch` at a new commit with the agent's changes on top of `head`. The author is the user's git identity, or 'repose' if none is
 * set. The user's checkout, index and files are not touched; nothing is signed.
 *
 * It is refused, and the diff is kept, if the branch exists, the changes build on uncommitted edits, or a file would replace one that git
 * ignores. Throws UserError for an invalid name.
 */
export async function commitToBranch(
  repo: RepoOrFolder,
  { head, diff }: { readonly head: string; readonly diff: string },
  branch: string,
  message: string,
  keep: typeof keepDiff = keepDiff,
): Promise<CommitOutcome> {
  const { root, commonDir } = await stillOpen(repo)
  const ref = await newRef({ root, commonDir }, branch)
  if (diff === '') return { status: 'nothing' }
  const refuse = async (why: string, files: readonly RepoPath[] = []): Promise<CommitOutcome> => {
    return { status: 'refused', message: why, files, keptAt: await keep(commonDir, diff) }
  }
  if (await succeeds(root, ['show-ref', '--verify', '--quiet', ref])) return refuse(`branch ${branch} exists already`)

  const scratch = await mkdtemp(join(temporaryFolder(), 'repose-commit-'))
  try {
    const env = { GIT_INDEX_FILE: join(scratch, 'index') }
    const quiet = ['-c', 'core.splitIndex=false']
    await git(root, [...quiet, 'read-tree', head], { env })
    if (!(await fits(root, diff, ['--cached'], env))) {
      const files = await clashingFiles(root, diff, ['--cached'], env)
      return await refuse(
        `the changes build on uncommitted ones in ${files.join(', ')}: commit those first, or apply the diff to the working tree`,
        files,
      )
    }
    // checking out the branch would overwrite an ignored file; a diff of others may create files without saying so
    const known = new Set(splitNul(await git(root, [...quiet, 'ls-files', '-z'], { env })))
    const made = (await filesOf(root, diff)).filter((path) => !known.has(path))
    const inTheWay = obstacles(root, made, (path) => known.has(path))
    if (inTheWay.length > 0)
      return await refuse(
        `you have something at ${inTheWay.join(', ')} that git does not track, and a checkout of the branch could write over it`,
        inTheWay,
      )
    const hidden = await hiddenIn(root, made, diff)
    if (hidden.length > 0) return await refuse(`git ignores ${hidden.join(', ')} in your working tree`, hidden)
    await git(root, [...quiet, ...APPLY, '--cached'], { env, input: diff })
    const tree = (await git(root, [...quiet, 'write-tree'], { env })).trim()
    const commit = await commitTree(root, tree, head, message)
    try {
      await git(root, [...quiet, 'update-ref', '--no-deref', ref, commit, ''], { env: ofOurRefs(commonDir) }) // '': only if the ref does not exist
    } catch (error) {
      if (!(error instanceof GitError)) throw error
      return await refuse(`git could not make branch ${branch}: ${error.stderr.trim().split('\n')[0]}`)
    }
    return { status: 'committed', branch, commit }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function commitTree(root: string, tree: string, parent: string, message: string): Promise<string> {
  const env: Record<string, string> = {}
  for (const role of ['AUTHOR', 'COMMITTER']) {
    if (await succeeds(root, ['var', `GIT_${role}_IDENT`])) continue
    env[`GIT_${role}_NAME`] = 'repose'
    env[`GIT_${role}_EMAIL`] = 'repose@localhost'
  }
  return (
    await git(root, ['commit-tree', tree, '-p', parent, '--no-gpg-sign', '-F', '-'], {
      env,
      input: `${message.trimEnd()}\n`,
    })
  ).trim()
}

/** Whether git would apply a diff unchanged. */
export async function fits(
  root: string,
  diff: string,
  options: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<boolean> {
  return succeeds(root, [...APPLY, '--check', ...options], { input: diff, env })
}

/** Files whose part of a diff does not fit. Each part is tried alone, because git's message names only the first few. */
export async function clashingFiles(
  root: string,
  diff: string,
  options: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<RepoPath[]> {
  const parts = new Map<string, string>()
  for (const part of diffParts(diff)) {
    const header = part.slice(0, part.indexOf('\n'))
    parts.set(header, (parts.get(header) ?? '') + part) // a file that became a symbolic link has two parts
  }
  const files: RepoPath[] = []
  for (const part of parts.values()) {
    if (!(await fits(root, part, options, env))) files.push(...(await filesOf(root, part)))
  }
  return files
}

/**
 * The paths that a diff changes, creates or deletes; of a rename, both. Two git processes; none for a diff that was asked for lately, since the
 * answer depends on its text alone.
 */
export async function filesOf(root: string, diff: string): Promise<RepoPath[]> {
  const known = lately.get(diff) ?? readFiles(root, diff)
  lately.delete(diff)
  lately.set(diff, known)
  if (lately.size > MOST_REMEMBERED) lately.delete(lately.keys().next().value!)
  known.catch(() => lately.delete(diff))
  return [...(await known)]
}

const MOST_REMEMBERED = 4 // diffs: one that is applied, and parts of it
const lately = new Map<string, Promise<readonly RepoPath[]>>()

async function readFiles(root: string, diff: string): Promise<readonly RepoPath[]> {
  const numbers = [['--numstat'], ['--numstat', '--reverse']] // git names what a path becomes, not what it was
  const lists = await Promise.all(numbers.map((options) => git(root, ['apply', ...options, '-z'], { input: diff })))
  const entries = lists.flatMap((list) => list.split('\0').filter(Boolean))
  return [...new Set(entries.map((entry) => entry.split('\t').slice(2).join('\t')))].sort()
}

async function succeeds(
  root: string,
  args: readonly string[],
  options: { input?: string; env?: Record<string, string> } = {},
): Promise<boolean> {
  try {
    await git(root, args, options)
    return true
  } catch (error) {
    if (error instanceof GitError) return false
    throw error
  }
}
