import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import type { RepoPath } from '../types.ts'
import { GitError, git } from './git.ts'
import { keepDiff } from './keep-diff.ts'
import { openRepo } from './open-repo.ts'

export type ApplyOutcome =
  | { readonly status: 'applied'; readonly files: readonly RepoPath[] }
  | { readonly status: 'nothing' }
  /** Nothing was changed. files: those whose changes do not fit. keptAt: absolute path of the diff. */
  | { readonly status: 'clash'; readonly files: readonly RepoPath[]; readonly keptAt: string }

export type CommitOutcome =
  | { readonly status: 'committed'; readonly branch: string; readonly commit: string }
  | { readonly status: 'nothing' }
  /** No branch was made. message: one line, why. files: those whose changes do not fit, if that is the reason. */
  | {
      readonly status: 'refused'
      readonly message: string
      readonly files: readonly RepoPath[]
      readonly keptAt: string
    }

// The user's apply.* settings could change white space on the way.
const APPLY = ['-c', 'apply.whitespace=nowarn', '-c', 'apply.ignoreWhitespace=no', 'apply', '--whitespace=nowarn']

/**
 * Applies a diff of AgentWorktree.diff() to the user's working tree: all of it, or nothing. The index is not touched.
 * A diff that does not fit, since the user has edited meanwhile, is kept in `<git common dir>/repose/results`.
 * Throws what git says when it cannot write, a full disk for instance: the files are then put back.
 */
export async function applyToTree(repoRoot: string, diff: string): Promise<ApplyOutcome> {
  if (diff === '') return { status: 'nothing' }
  const { root, commonDir } = await openRepo(repoRoot)
  if (!(await fits(root, diff))) {
    return { status: 'clash', files: await clashingFiles(root, diff), keptAt: await keepDiff(commonDir, diff) }
  }
  const files = await filesOf(root, diff)
  const before = await Promise.all(files.map((path) => readBack(join(root, path))))
  try {
    await git(root, APPLY, { input: diff })
  } catch (error) {
    await putBack(before, error) // git has removed all of them before it writes the first
    throw error
  }
  return { status: 'applied', files }
}

/** A file as it is; bytes: null where there is none. */
interface Before {
  readonly absolute: string
  readonly bytes: Buffer | null
  readonly mode: number
}

async function readBack(absolute: string): Promise<Before> {
  const bytes = await readFile(absolute).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  return { absolute, bytes, mode: bytes === null ? 0 : (await stat(absolute)).mode & 0o7777 }
}

async function putBack(before: readonly Before[], cause: unknown): Promise<void> {
  const lost: string[] = []
  const changed: Before[] = []
  for (const one of before) {
    const now = await readBack(one.absolute).catch(() => null)
    const isSame = now?.bytes && one.bytes ? now.bytes.equals(one.bytes) : now?.bytes === one.bytes
    if (!isSame) changed.push(one)
  }
  for (const { absolute } of changed) await rm(absolute, { force: true }).catch(() => {}) // first, so that there is room
  for (const { absolute, bytes, mode } of changed) {
    if (bytes === null) continue
    const write = async () => {
      await mkdir(dirname(absolute), { recursive: true })
      await writeFile(absolute, bytes)
      await chmod(absolute, mode)
    }
    await write().catch(() => lost.push(absolute))
  }
  if (lost.length > 0)
    throw new Error(`git could not write, and these files could not be put back: ${lost.join(', ')}`, { cause })
}

/**
 * Whether git would make `branch` at the commit `head` now. No branch is made.
 * Throws UserError for a name that git does not allow, a branch that exists, and one that stands in the way of the name.
 */
export async function requireNewBranch(root: string, branch: string, head: string): Promise<void> {
  const ref = await newRef(root, branch)
  const input = `start\ncreate ${ref} ${head}\nprepare\nabort\n`
  await git(root, ['update-ref', '--stdin'], { input }).catch((error: unknown) => {
    if (!(error instanceof GitError)) throw error
    const why = error.stderr
      .trim()
      .split('\n')[0]!
      .replace(/^fatal: (prepare: )?/, '')
    throw new UserError(`git cannot make branch ${branch}: ${why}`, 'choose another name', { cause: error })
  })
}

/** The ref of a branch. Throws UserError for a name that git does not allow. */
async function newRef(root: string, branch: string): Promise<string> {
  const ref = `refs/heads/${branch}`
  if (branch.startsWith('-') || !(await succeeds(root, ['check-ref-format', ref])))
    throw new UserError(`git does not allow '${branch}' as the name of a branch`, 'choose one like repose/add-search')
  return ref
}

/**
 * Makes `branch` at a new commit: the agent's changes on top of `head`, by the user's git identity (or 'repose'
 * where none is set). The user's checkout, index and files are not touched, nothing is signed.
 *
 * Refused, with the diff kept: a branch that exists, and changes that build on what the user had not committed.
 * Throws UserError for a name that git does not allow.
 */
export async function commitToBranch(
  repoRoot: string,
  { head, diff }: { readonly head: string; readonly diff: string },
  branch: string,
  message: string,
): Promise<CommitOutcome> {
  const { root, commonDir } = await openRepo(repoRoot)
  const ref = await newRef(root, branch)
  if (diff === '') return { status: 'nothing' }
  const refuse = async (why: string, files: readonly RepoPath[] = []): Promise<CommitOutcome> => {
    return { status: 'refused', message: why, files, keptAt: await keepDiff(commonDir, diff) }
  }
  if (await succeeds(root, ['show-ref', '--verify', '--quiet', ref])) return refuse(`branch ${branch} exists already`)

  const scratch = await mkdtemp(join(tmpdir(), 'repose-commit-'))
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
    await git(root, [...quiet, ...APPLY, '--cached'], { env, input: diff })
    const tree = (await git(root, [...quiet, 'write-tree'], { env })).trim()
    const commit = await commitTree(root, tree, head, message)
    try {
      await git(root, [...quiet, 'update-ref', ref, commit, '']) // '': only if there is no such ref yet
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

async function fits(
  root: string,
  diff: string,
  options: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<boolean> {
  return succeeds(root, [...APPLY, '--check', ...options], { input: diff, env })
}

/** Each file's part of the diff is tried alone: git's own message names the first few only. */
async function clashingFiles(
  root: string,
  diff: string,
  options: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<RepoPath[]> {
  const parts = new Map<string, string>()
  for (const part of diff.split(/^(?=diff --git )/m)) {
    const header = part.slice(0, part.indexOf('\n'))
    parts.set(header, (parts.get(header) ?? '') + part) // a file that became a symbolic link has two parts
  }
  const files: RepoPath[] = []
  for (const part of parts.values()) {
    if (!(await fits(root, part, options, env))) files.push(...(await filesOf(root, part)))
  }
  return files
}

async function filesOf(root: string, diff: string): Promise<RepoPath[]> {
  const entries = (await git(root, ['apply', '--numstat', '-z'], { input: diff })).split('\0').filter(Boolean)
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
