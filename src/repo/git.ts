import { devNull } from 'node:os'
import { GitError as SimpleGitError, simpleGit } from 'simple-git'
import { noSpace, UserError } from '../errors.ts'

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
  const env = { ...environment(), ...options.env }
  const client = simpleGit({
    baseDir: root,
    allowEnvironment: Object.keys(env),
    // these guards are for arguments from outside; every argument here is our own
    unsafe: {
      allowUnsafeConfigPaths: true,
      allowUnsafeHooksPath: true,
      allowUnsafeGpgProgram: true,
      allowUnsafeFilter: true,
    },
    input: () => options.input,
    abort: options.signal,
    errors(error, result) {
      exitCode = result.exitCode
      stderr = Buffer.concat(result.stdErr).toString('utf8')
      return exitCode === 0 && !(error instanceof Error) ? undefined : (error ?? Buffer.from(stderr || 'failed'))
    },
  })
  try {
    return await client.env(env).raw([...ALWAYS, ...args])
  } catch (error) {
    options.signal?.throwIfAborted()
    if (/spawn git ENOENT/.test(`${error} ${stderr}`))
      throw new UserError('git was not found', 'install it, or add the folder it is in to PATH', { cause: error })
    if (/: (No space left on device|Disk quota exceeded)/.test(stderr)) throw noSpace('on the disk', error)
    if (error instanceof SimpleGitError && exitCode !== 0) throw new GitError(args, exitCode, stderr)
    throw error
  }
}

const ALWAYS = [
  '-c',
  `core.hooksPath=${devNull}`, // nobody can put a hook below the null device
  // paths of more than 260 characters, in a worktree below the folder for temporary files soon reached
  ...(process.platform === 'win32' ? ['-c', 'core.longpaths=true'] : []),
]

/** NUL-separated output as a list; a trailing NUL adds nothing. */
export function splitNul(output: string): string[] {
  const parts = output.split('\0')
  if (parts.at(-1) === '') parts.pop()
  return parts
}

// simple-git refuses editors, pagers and helpers in the environment, and inside a hook GIT_DIR would point elsewhere.
const DROPPED =
  /^(GIT_(?!CONFIG_GLOBAL$|CONFIG_NOSYSTEM$|CEILING_DIRECTORIES$)|PAGER$|EDITOR$|VISUAL$|SSH_ASKPASS|PREFIX$)/

function environment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name, value]) => value !== undefined && !DROPPED.test(name))
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  }
}
