import { devNull } from 'node:os'
import { GitError as SimpleGitError, type SimpleGitOptions, simpleGit } from 'simple-git'
import { noSpace, UserError } from '../errors.ts'
import { programPath } from '../program-path.ts'
import { traced } from '../trace.ts'
import { gitEnvironment } from './git-environment.ts'

/** git said no. `stderr` is its own words. */
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

export interface GitOptions {
  /** Written to standard input. */
  readonly input?: string
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/**
 * Runs one git command in `root` and returns its standard output as it is.
 * No optional locks (a `git status` of ours never makes the user's `git commit` fail), no prompts, no pager, no hooks.
 * Throws GitError when git exits with another code than 0, UserError when there is no git or no space, and the signal's reason when aborted.
 */
export async function git(root: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  options.signal?.throwIfAborted()
  let exitCode = 0
  let stderr = ''
  const env = { ...gitEnvironment(), ...options.env }
  const client = simpleGit({
    baseDir: root,
    binary: gitProgram(),
    allowEnvironment: Object.keys(env),
    unsafe: UNGUARDED,
    input: () => options.input,
    abort: options.signal,
    errors(error, result) {
      exitCode = result.exitCode
      stderr = Buffer.concat(result.stdErr).toString('utf8')
      return exitCode === 0 && !(error instanceof Error) ? undefined : (error ?? Buffer.from(stderr || 'failed'))
    },
  })
  try {
    return await traced(
      () => `git ${args.join(' ')}`,
      () => client.env(env).raw([...ALWAYS, ...args]),
    )
  } catch (error) {
    options.signal?.throwIfAborted()
    if (/spawn \S*git(\.exe)? ENOENT/.test(`${error} ${stderr}`)) throw noGit()
    if (/: (No space left on device|Disk quota exceeded)/.test(stderr)) throw noSpace('on the disk', error)
    if (error instanceof SimpleGitError && exitCode !== 0) throw new GitError(args, exitCode, stderr)
    throw error
  }
}

let program: { readonly path: string | undefined; readonly file: string } | undefined

/** Where git is, looked up once: by its name alone, Windows would start one that stands in the repository. */
function gitProgram(): string {
  const path = process.env.PATH
  if (program?.path === path && program) return program.file
  const file = programPath('git', path)
  if (file === null) throw noGit()
  program = { path, file }
  return file
}

function noGit(): UserError {
  return new UserError('git was not found', 'install it, or add the folder it is in to PATH (by its whole path)')
}

// These guards are for arguments and settings from outside: every argument here is our own, and the settings are the user's, who may for instance switch off a monitor.
const UNGUARDED: Required<NonNullable<SimpleGitOptions['unsafe']>> = {
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeCommandBinaries: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeCustomBinary: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeInclude: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeSubmodule: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeUrlRewrite: true,
  allowAbbreviatedOptions: false,
}

const ALWAYS = [
  '-c',
  `core.hooksPath=${devNull}`, // nobody can put a hook below the null device
  // paths of more than 260 characters, in a worktree below the folder for temporary files soon reached
  ...(process.platform === 'win32' ? ['-c', 'core.longpaths=true'] : []),
]

/** Output that is one path: without its line end, and with all that the path itself ends in. */
export function onePath(output: string): string {
  return output.replace(process.platform === 'win32' ? /\r?\n$/ : /\n$/, '')
}

/** NUL-separated output as a list; a trailing NUL adds nothing. */
export function splitNul(output: string): string[] {
  const parts = output.split('\0')
  if (parts.at(-1) === '') parts.pop()
  return parts
}
