import { existsSync } from 'node:fs'
import { devNull } from 'node:os'
import { dirname } from 'node:path'
import { noSpace, UserError } from '../errors.ts'
import { isExecutable, programPath } from '../processes/program-path.ts'
import { runProcess } from '../processes/run-process.ts'
import { isOfWork } from '../processes/worked-on.ts'
import { traced } from '../trace.ts'
import { commandAt, hasConfiguredHooks, LIST_HOOKS, mayRunHooks, withoutHooks } from './configured-hooks.ts'
import { gitEnvironment } from './git-environment.ts'
import { workIn } from './trees-around.ts'

/** git failed. `stderr` is its own message. */
export class GitError extends Error {
  readonly exitCode: number
  readonly stderr: string

  constructor(args: readonly string[], exitCode: number, stderr: string) {
    super(`git ${args.join(' ')}: ${stderr.trim() || `exit code ${exitCode}`}`)
    this.name = 'GitError'
    this.exitCode = exitCode
    this.stderr = stderr
  }
}

/** git exceeded its time limit. */
export class GitLate extends UserError {}

/** git exceeded its memory limit. Most callers handle it like a GitLate. */
export class GitLarge extends GitLate {}

/** git printed more than MOST_OUTPUT. */
export class OutputTooLarge extends UserError {}

export interface GitOptions {
  /** Written to standard input. */
  readonly input?: string
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** git is ended after this time with a GitLate. Default: ten minutes. */
  readonly timeoutMs?: number
  /** git is ended with a GitLarge when it holds more bytes of memory (on Linux). Default: 1.5 GB. */
  readonly mostMemory?: number
}

export interface GitStreamOptions extends GitOptions {
  /** Receives standard output as it arrives. false: enough, git is ended. */
  readonly onOutput: (chunk: Buffer) => boolean
}

const TIMEOUT_MS = 600_000 // without a user, a git that hangs must end at some time
const MOST_MEMORY = 1_500_000_000 // bytes: a small clone can hold files, trees and diffs of any size
const MOST_OUTPUT = 256 * 2 ** 20 // bytes; Node's longest string holds at most twice as much

/**
 * Runs one git command in `root` and returns its standard output unchanged. No optional locks (our `git status` never makes the user's `git
 * commit` fail), no prompts, no pager, no hooks. Throws GitError for any exit code but 0, GitLate after the time limit, GitLarge above the
 * memory limit (on Linux), UserError when git or disk space is missing, OutputTooLarge above MOST_OUTPUT, and the signal's reason when aborted.
 * No process of its group outlives the call or this process.
 */
export async function git(root: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  await streamGit(root, args, {
    ...options,
    onOutput(chunk) {
      chunks.push(chunk)
      bytes += chunk.length
      return bytes <= MOST_OUTPUT
    },
  })
  if (bytes > MOST_OUTPUT)
    throw new OutputTooLarge(
      `git ${args[commandAt(args)]} printed more than ${MOST_OUTPUT / 2 ** 20} MB`,
      'find out what is so large in this repository; repose reads no more than that',
      { exitCode: 1 },
    )
  return Buffer.concat(chunks).toString('utf8')
}

/** Like git(), for output that is read piece by piece and may be read only in part. */
export async function streamGit(root: string, args: readonly string[], options: GitStreamOptions): Promise<void> {
  const { signal, input, onOutput, timeoutMs = TIMEOUT_MS, mostMemory = MOST_MEMORY } = options
  const command = args[commandAt(args)]!
  workIn(root)
  const given = { ...gitEnvironment(), ...options.env }
  const env = mayRunHooks(args) && (await isNewGit(given)) ? withoutHooks(given, await hooksOf(root, given)) : given
  const all = [...always(), ...withoutPrograms(args)]
  const end = await traced(
    () => `git ${args.join(' ')}`,
    () => runProcess(gitProgram(env.PATH), all, { cwd: root, env, input, signal, timeoutMs, mostMemory, onOutput }),
  )
  signal?.throwIfAborted()
  if (end.stopped === 'enough' || end.exitCode === 0) return
  if (end.stopped === 'late')
    throw new GitLate(
      `git ${command} took longer than ${timeoutMs / 1000} s`,
      'see whether its disk or network answers, and whether a hook or filter of it hangs',
      { exitCode: 1 },
    )
  if (end.stopped === 'large')
    throw new GitLarge(
      `git ${command} took too much memory`,
      'find out which file or commit of this repository is so large',
      { exitCode: 1 },
    )
  if (end.error?.code === 'ENOENT' && existsSync(root)) throw noGit()
  if (/: (No space left on device|Disk quota exceeded)/.test(end.stderr)) throw noSpace('on the disk', end.stderr)
  throw new GitError(args, end.exitCode ?? -1, end.error ? `cannot be run: ${end.error.message}` : end.stderr)
}

let version: { readonly file: string; readonly text: Promise<string> } | undefined

/** Whether git runs hooks that settings name. It is asked once for its version. */
async function isNewGit(env: Readonly<Record<string, string>>): Promise<boolean> {
  const file = gitProgram(env.PATH)
  if (version?.file !== file) version = { file, text: output(file, ['version'], dirname(file), env) }
  return hasConfiguredHooks(await version.text)
}

/** The hooks that the settings of a repository, and the user's, name now. */
async function hooksOf(root: string, env: Readonly<Record<string, string>>): Promise<string> {
  return output(gitProgram(env.PATH), [...always(), ...LIST_HOOKS], root, env)
}

/** Standard output of a git command that may fail: without settings that match, git config has exit code 1. */
async function output(file: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
  const chunks: Buffer[] = []
  const onOutput = (chunk: Buffer) => chunks.push(chunk) > 0
  await runProcess(file, args, { cwd, env, timeoutMs: TIMEOUT_MS, onOutput })
  return Buffer.concat(chunks).toString('utf8')
}

let program: { readonly path: string | undefined; readonly file: string } | undefined

/** The path of git, looked up once. By its bare name, Windows would start one that lies in the repository. */
function gitProgram(path: string | undefined): string {
  if (program?.path === path && program && !isOfWork(program.file)) return program.file
  const file = programPath('git', path)
  if (file === null) throw noGit()
  program = { path, file }
  return file
}

function noGit(): UserError {
  const isInside = (file: string) => isExecutable(file) && isOfWork(file)
  const inside = programPath('git', process.env.PATH, process.platform, isInside)
  if (inside !== null)
    return new UserError(
      `git was found only where a commit could replace it: ${inside}`,
      'install git outside this repository, or add the folder of another git to PATH (by its whole path)',
    )
  return new UserError('git was not found', 'install it, or add the folder it is in to PATH (by its whole path)')
}

let bareRepositories: 'explicit' | 'all' = 'explicit'

/** For benches: from now on a bare repository is opened as any other. By itself it is not, since a clone may bring one in a folder. */
export function allowBare(): void {
  bareRepositories = 'all'
}

const always = () => [...ALWAYS, '-c', `safe.bareRepository=${bareRepositories}`]

const ALWAYS = [
  '-c',
  `core.hooksPath=${devNull}`, // nobody can put a hook below the null device
  '-c',
  'core.fsmonitor=false', // it names a program; git's own daemon (true) would stay behind in each worktree
  ...['-c', 'log.showSignature=false'], // gpg.program
  // git starts a git in each submodule, where the submodule's settings name programs, and hands on neither -c nor --no-ext-diff
  ...['-c', 'diff.submodule=short', '-c', 'submodule.recurse=false'],
  // paths over 260 characters, easily reached in a worktree in the temporary folder
  ...(process.platform === 'win32' ? ['-c', 'core.longpaths=true'] : []),
]

const NO_DRIVERS = ['--no-ext-diff', '--no-textconv']
const IN_NO_SUBMODULE = '--ignore-submodules=dirty' // settings of a submodule would win over diff.ignoreSubmodules
const OF_COMMAND: Readonly<Record<string, readonly string[]>> = {
  log: NO_DRIVERS,
  'diff-tree': NO_DRIVERS,
  diff: [...NO_DRIVERS, IN_NO_SUBMODULE],
  'diff-files': [...NO_DRIVERS, IN_NO_SUBMODULE],
  'diff-index': [...NO_DRIVERS, IN_NO_SUBMODULE],
  status: [IN_NO_SUBMODULE],
}

/** Adds the options that keep a command from programs and that no setting can stand for. The caller's own options follow, and win. */
function withoutPrograms(args: readonly string[]): readonly string[] {
  const at = commandAt(args)
  return [...args.slice(0, at + 1), ...(OF_COMMAND[args[at] ?? ''] ?? []), ...args.slice(at + 1)]
}

/** Output that is one path: only the final line end is removed, since the path itself may end in white space. */
export function onePath(output: string): string {
  return output.replace(process.platform === 'win32' ? /\r?\n$/ : /\n$/, '')
}

/** NUL-separated output as a list; a trailing NUL adds nothing. */
export function splitNul(output: string): string[] {
  const parts = output.split('\0')
  if (parts.at(-1) === '') parts.pop()
  return parts
}
