import type { RepoPath } from '../types.ts'
import { GitError, GitLarge, GitLate, streamGit } from './git.ts'

export interface GrepHit {
  readonly path: RepoPath
  readonly line: number
  /** Bytes before the first match in the line. */
  readonly offset: number
  /** With `each`: the part of the line that matches. */
  readonly match?: string
}

export interface GrepOptions {
  /** 'text': a literal text; 'expression': an extended regular expression. */
  readonly kind: 'text' | 'expression'
  readonly ignoreCase?: boolean
  /** Pathspecs; none: everywhere. */
  readonly within?: readonly string[]
  /** A hit for each match, also several in a line. Their `offset` may be wrong (git 2.47). */
  readonly each?: boolean
  /** Whether `root` is a folder that git does not track, such as an installed dependency. */
  readonly isInstalled?: boolean
  readonly signal?: AbortSignal | undefined
  /** Default: 10 s. */
  readonly timeoutMs?: number
  /** Default: 20,000. */
  readonly mostHits?: number
  /** Hits of other files are left out, and do not count. */
  readonly counts?: (path: RepoPath) => boolean
  /** Bytes of git's memory. Default: that of streamGit(). */
  readonly mostMemory?: number
}

export type GrepResult =
  /** stopped: why there may be more hits, for whoever asked; null: these are all. */
  | { readonly hits: readonly GrepHit[]; readonly stopped: string | null }
  /** Nothing was searched. */
  | { readonly problem: string }

const TIMEOUT_MS = 10_000
const MOST_HITS = 20_000
const LONGEST = 1000 // characters of a pattern
const MOST_STATES = 10_000 // size of an expression with its counts expanded: a larger one takes gigabytes before git reads a file

/**
 * Matching lines of the working tree, untracked files included, binary files excluded. It runs in its own process with limits of time and
 * size, because a model wrote the pattern. Throws the signal's reason, and UserError when git is missing.
 */
export async function grep(root: string, pattern: string, options: GrepOptions): Promise<GrepResult> {
  const {
    kind,
    ignoreCase = false,
    within = [],
    each = false,
    isInstalled = false,
    signal,
    timeoutMs = TIMEOUT_MS,
    mostHits = MOST_HITS,
    counts = () => true,
    mostMemory,
  } = options
  if (pattern.length > LONGEST) return { problem: `a pattern may have ${LONGEST} characters at most` }
  if (kind === 'expression' && statesOf(pattern) > MOST_STATES)
    return { problem: 'the counts of the pattern ({1,300} and the like) are too large together: say * or +' }
  const hits: GrepHit[] = []
  const read = hitReader((hit) => counts(hit.path) && hits.push(hit), each)
  let isMany = false
  const args = [
    ...[
      'grep',
      '-z',
      '-n',
      '--column',
      '-I',
      isInstalled ? '--no-index' : '--untracked',
      '--no-color',
      '--no-recurse-submodules',
      ...(ignoreCase ? ['--ignore-case'] : []),
      ...(each ? ['--only-matching'] : []),
    ],
    ...[kind === 'text' ? '-F' : '-E', '-e', pattern, ...(within.length > 0 ? ['--', ...within] : [])],
  ]
  try {
    await streamGit(root, args, {
      signal,
      timeoutMs,
      ...(mostMemory !== undefined && { mostMemory }),
      onOutput(chunk) {
        read(chunk)
        isMany = hits.length >= mostHits
        return !isMany
      },
    })
  } catch (error) {
    if (error instanceof GitLarge)
      return { hits, stopped: `the search was stopped, since a file is too large for it: ${SIMPLER}` }
    if (error instanceof GitLate)
      return { hits, stopped: `the search was stopped after ${timeoutMs / 1000} s: ${SIMPLER}` }
    if (!(error instanceof GitError)) throw error
    if (error.exitCode !== 1) return { problem: reasonIn(error.stderr) || 'git cannot search for that' } // exit code 1 means: no match
  }
  return { hits, stopped: isMany ? sayMany(mostHits) : null }
}

/** Why a search found no more. */
export function sayMany(mostHits: number): string {
  return `the search was stopped at ${mostHits} lines: ${SIMPLER}`
}

/** "fatal: -e option, 'foo(': Unmatched ( or \(" -> 'Unmatched ( or \('. */
function reasonIn(stderr: string): string {
  return stderr
    .trim()
    .split('\n')[0]!
    .replace(/^fatal: (-e option, '.*': )?/, '')
}

/** Advice for a search that was stopped. */
export const SIMPLER = 'name a folder, or what is more seldom'

const NUL = 0
const NEW_LINE = 10

/** Reads path, line and column, each followed by a NUL. The text of the line may have any length: it is skipped unless it is wanted. */
function hitReader(onHit: (hit: GrepHit) => void, keepsText: boolean): (chunk: Buffer) => void {
  let fields: string[] = []
  let begun: Buffer[] = []
  const say = (match?: string) => {
    const [path, line, column] = fields
    onHit({ path: path!, line: Number(line), offset: Number(column) - 1, ...(match !== undefined && { match }) })
  }
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      const isText = fields.length === 3
      const end = chunk.indexOf(isText ? NEW_LINE : NUL, at)
      if (isText) {
        if (keepsText) begun.push(chunk.subarray(at, end < 0 ? chunk.length : end))
        if (end >= 0) {
          if (keepsText) say(Buffer.concat(begun).toString('utf8'))
          begun = []
          fields = []
        }
      } else {
        begun.push(chunk.subarray(at, end < 0 ? chunk.length : end))
        if (end >= 0) {
          fields.push(Buffer.concat(begun).toString('utf8'))
          begun = []
          if (fields.length === 3 && !keepsText) say()
        }
      }
      at = end < 0 ? chunk.length : end + 1
    }
  }
}

/** Minimum number of states of a matcher for the expression: '(a{3}){4}' has twelve. Linear in the pattern. */
function statesOf(pattern: string): number {
  const groups: number[] = []
  let [size, last] = [0, 0] // of the group so far, and of its last item, which a count repeats
  const add = (states: number) => {
    last = states
    size += states
  }
  const part = /\\.|\[\^?\]?(?:\[:\w+:\]|[^\]])*\]|\{(\d*)(?:,(\d*))?\}|./gs
  for (const [text, least, most] of pattern.matchAll(part)) {
    if (text === '(') {
      groups.push(size)
      size = 0
    } else if (text === ')') {
      const inner = size
      size = groups.pop() ?? 0
      add(inner)
    } else if (least !== undefined) {
      const times = Math.max(Number(least), Number(most ?? least), 1)
      size += last * (times - 1)
      last *= times
    } else if (!/^[*+?|]$/.test(text)) add(1)
  }
  return size + groups.reduce((sum, one) => sum + one, 0)
}
