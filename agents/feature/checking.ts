import { dirname } from 'node:path'
import { UserError } from '../../src/errors.ts'
import { folderForUncaged, isExposed, temporaryFolder } from '../../src/files/temporary-folder.ts'
import { noting } from '../../src/loop/noting.ts'
import { GitError, GitLate, git } from '../../src/repo/git.ts'
import { protectedHere } from '../../src/repo/protected-here.ts'
import { type AgentWorktree, openWorktree } from '../../src/repo/worktree.ts'
import type { Snapshot } from '../../src/repo/write-tree.ts'
import type { Secret } from '../../src/secrets/secret.ts'
import type { Checks } from '../../src/store/checks.ts'
import type { CheckResult, RepoPath } from '../../src/types.ts'
import { type Cage, type CageSettings, NOTHING_MORE, type NoCage } from '../../src/verify/cage/cage.ts'
import { isCage, openCage } from '../../src/verify/cage/open-cage.ts'
import { checkEnvironment } from '../../src/verify/check-environment.ts'
import { decidesChecks } from '../../src/verify/decides-checks.ts'
import { type Check, runChecks } from '../../src/verify/run-checks.ts'
import { StillAlive } from '../../src/verify/run-command.ts'

/** Edits of a file that decides which commands a check runs. */
export interface Deciding {
  readonly path: RepoPath
  /** 'a lock file', 'scripts (test)' */
  readonly why: string
  readonly diff: string
}

export interface CheckingOptions {
  /** Commands, run in this order. */
  readonly checks: readonly string[]
  readonly checkTimeoutMs: number
  /** Default: only what each check may do anyway. */
  readonly cage?: CageSettings
  /** Without a cage no check runs, unless the user's configuration says checks.uncaged: nobody is there to be asked. */
  readonly onlyCaged?: boolean
  /**
   * Shows edits that decide what checks run, and asks whether to run them without a cage. Absent: nobody can be asked, and they do not
   * run.
   */
  readonly confirm?: (edits: readonly Deciding[]) => Promise<boolean>
  readonly signal: AbortSignal
  readonly onProgress?: (text: string) => void
}

export interface Checking {
  /**
   * Runs the checks on the worktree, and undoes their changes to its files. The result of a failed check also tells whether it failed
   * before any edit. If the checks have already ended on the same files, returns those results: a model may ask often.
   */
  run(): Promise<CheckResult[]>
  /** Runs the checks before any edit, if one of them has never passed here. Returns those that fail. */
  first(): Promise<readonly CheckResult[]>
  /** Where they ran; null: none has run. */
  place(): Cage | NoCage | null
  /** Content of the worktree when they last ran; null: they have not. */
  last(): Snapshot | null
  /**
   * True if a check could not be ended, or git could not put the files back after it. Then only the last snapshot counts, and further checks
   * are refused.
   */
  isBroken(): boolean
}

/** What the user can do about checks that were refused. */
export function fixOfRefused({ output }: CheckResult): string {
  if (output.startsWith(NOT_ENDED)) return FIX_OF_NOT_ENDED
  if (output.startsWith(TOO_OFTEN)) return 'ask for less at once; repose apply --list names the diff that was kept'
  if (output.startsWith(EXPOSED)) return 'give checks a cage: repose doctor says what is missing; the diff is kept'
  return output.startsWith(NOT_PUT_BACK)
    ? 'see why the filter of git fails (repose apply --list names the diff that was kept), and ask again'
    : 'run it in a terminal and confirm them, or give checks a cage: repose doctor says what is missing; the diff is kept'
}

const MOST_TREES = 50 // checked states of the files in one run; a run has some dozens of replies

const TOO_OFTEN = `one run checks at most ${MOST_TREES} states of the files`
const EXPOSED = 'the checks did not run: there is no cage, and other users may add files above the worktree'
const NOT_ENDED = 'the checks could not be ended'
const FIX_OF_NOT_ENDED = 'see what ps shows of them (repose apply --list names the diff that was kept), and ask again'
const NOT_PUT_BACK = 'git could not put the files back after the checks'

/**
 * The configured checks of one run in its worktree, in a cage if there is one. at: the commit at which the worktree was opened, if one
 * was requested.
 */
export function openChecking(
  worktree: AgentWorktree,
  passes: Checks,
  secretsIn: (text: string) => Promise<readonly Secret[]>,
  options: CheckingOptions & { readonly at?: string | undefined },
): Checking {
  const { signal, onProgress, at, cage: settings = NOTHING_MORE } = options
  const checks = options.checks.map((command) => ({ name: command, command, timeoutMs: options.checkTimeoutMs }))
  const failedBefore = new Map<string, boolean>()
  const confirmed = new Set<string>() // diffs
  let last: Snapshot | null = null
  const known = new Map<string, CheckResult[]>() // by tree
  let place: Promise<Cage | NoCage> | null = null
  let ran: Cage | NoCage | null = null
  let broken: string | null = null

  const runIn = async (tree: AgentWorktree, some: readonly Check[], where: Cage | NoCage): Promise<CheckResult[]> => {
    ran = where
    const cage = isCage(where) ? where : null
    if (cage === null && isExposed(dirname(tree.root))) return refuse(EXPOSED)
    const results = await runChecks(tree.root, some, { cage, env: settings.env, signal, secretsIn }).catch(noteAlive)
    for (const { check, status, ms } of results)
      if (status === 'passed') noting(() => passes.notePass(check, Date.now(), ms))
    return results
  }
  /** Opened before the first check runs: until then the worktree's own statements can be trusted. */
  const own = () => {
    place ??= cageOf(worktree, settings)
    return place
  }
  const runApart = async (edited: Snapshot, where: Cage | NoCage) => {
    last = edited
    const results = await runIn(worktree, checks, where).finally(() =>
      // after Ctrl-C the worktree is removed, and each git process uses part of the second that is left
      signal.aborted || broken !== null ? undefined : worktree.restore(edited).catch(noteBroken),
    )
    return broken === null ? results : refuse(broken)
  }
  /** Ends the run, without a further step in the worktree. */
  const noteAlive = (error: unknown): CheckResult[] => {
    if (!(error instanceof StillAlive)) throw error
    broken = `${NOT_ENDED}: ${error.message}`
    return []
  }
  /** Ends the run. The edits that were paid for are in the snapshot, which is kept. */
  const noteBroken = (error: unknown) => {
    if (signal.aborted || !(error instanceof GitError || error instanceof GitLate)) throw error
    const why = error instanceof GitError ? error.stderr : error.message
    broken = `${NOT_PUT_BACK}: ${why.trim().split('\n').at(-1)}`
  }
  const refuse = (why: string) =>
    checks.map(({ name }): CheckResult => ({ check: name, status: 'refused', output: why, ms: 0 }))
  /** Whether the last of these checks also fails without edits, after the others. Called only when it has failed: most never do. */
  const failsBefore = async (upTo: readonly Check[]): Promise<boolean> => {
    const { command } = upTo.at(-1)!
    const known = failedBefore.get(command)
    if (known !== undefined || signal.aborted) return known ?? false
    onProgress?.(`checking without the edits: ${command}`)
    const bare = await openWorktree(worktree.tree, { at, isApart: !isCage(await own()) }).catch(() => null)
    if (!bare) return false // unknown, and no reason to lose the edits
    const where = await cageOf(bare, settings)
    // never without a cage where the edited files had one
    if (!isCage(where) && (where.isOfTree || isCage(await own()))) return bare.close().then(() => false)
    const results = await runIn(bare, upTo, where).finally(() => bare.close().catch(() => {}))
    const isBroken = results.at(-1)?.status === 'failed'
    if (!signal.aborted && broken === null) failedBefore.set(command, isBroken)
    return isBroken && !signal.aborted
  }
  const isKept = (where: Cage | NoCage) => options.onlyCaged === true && !isCage(where) && !settings.uncaged
  const refusal = async (edited: Snapshot, where: NoCage): Promise<string | null> => {
    if (where.isOfTree) return `the checks did not run: ${where.why}`
    if (isKept(where)) return `the checks did not run: there is no cage (${where.why}), and nobody can be asked`
    const edits = (await decidingEdits(worktree, edited, options.checks)).filter(({ diff }) => !confirmed.has(diff))
    if (edits.length === 0) return null
    if (!(await options.confirm?.(edits))) return sayRefused(edits)
    for (const { diff } of edits) confirmed.add(diff)
    return null
  }

  return {
    place: () => ran,
    last: () => last,
    isBroken: () => broken !== null,
    async first() {
      if (checks.every(({ command }) => passes.passedAt(command) !== null)) return []
      const where = await own()
      if (isKept(where)) return []
      if (!isCage(where) && where.isOfTree) throw new UserError(where.why, `${where.fix}; nothing was paid`)
      onProgress?.(`checking before any edit, since it has never passed here: ${options.checks.join(', ')}`)
      const results = await runApart(await worktree.snapshot(), where)
      if (broken !== null) {
        const what = broken.startsWith(NOT_ENDED) ? 'see what ps shows of them' : 'see why the filter of git fails'
        throw new UserError(broken, `${what}: nothing was paid`)
      }
      for (const { check, status } of results)
        if (status === 'failed' || status === 'passed') failedBefore.set(check, status === 'failed')
      return results
        .filter(({ status }) => status === 'failed')
        .map((one): CheckResult => ({ ...one, failedBefore: true }))
    },
    async run() {
      if (checks.length === 0) return []
      if (broken !== null) return refuse(broken)
      const edited = await worktree.snapshot()
      last = edited
      const before = known.get(edited.tree)
      if (before) return before
      if (known.size >= MOST_TREES) return refuse(TOO_OFTEN)
      const where = await own()
      const refused = isCage(where) ? null : await refusal(edited, where)
      if (refused !== null) {
        ran = where
        return refuse(refused)
      }
      onProgress?.(`checking${isCage(where) ? '' : ' without a cage'}: ${options.checks.join(', ')}`)
      const results = await runApart(edited, where)
      for (const [i, result] of results.entries())
        if (result.status === 'failed' && (await failsBefore(checks.slice(0, i + 1))))
          results[i] = { ...result, failedBefore: true }
      if (broken !== null) return refuse(broken)
      if (results.every(({ status }) => status !== 'interrupted')) known.set(edited.tree, results)
      return results
    },
  }
}

/** Whether checks in a working tree would run without a cage, and another folder would be safer then. */
export async function areUncaged(
  root: string,
  { checks, cage: settings = NOTHING_MORE }: CheckingOptions,
): Promise<boolean> {
  if (checks.length === 0 || folderForUncaged() === temporaryFolder()) return false
  return !isCage(await openCage({ root }, settings, checkEnvironment(process.env, settings.env)))
}

function cageOf({ root, tree, linked }: AgentWorktree, settings: CageSettings): Promise<Cage | NoCage> {
  return openCage({ root, tree, linked }, settings, checkEnvironment(process.env, settings.env))
}

function sayRefused(edits: readonly Deciding[]): string {
  const named = edits.map(({ path, why }) => `${path} (${why})`).join(', ')
  return `the checks did not run: there is no cage, and nobody confirmed edits that decide what they run: ${named}`
}

/** Edits between the agent's start and a snapshot that decide which programs the checks run. */
async function decidingEdits(
  worktree: AgentWorktree,
  edited: Snapshot,
  commands: readonly string[],
): Promise<readonly Deciding[]> {
  const { modified, created, deleted } = await worktree.changes(edited)
  const textAt = (tree: string, path: RepoPath) =>
    git(worktree.root, ['cat-file', 'blob', `${tree}:${path}`]).catch(() => null)
  // an edit of a link's target counts as an edit of the link: its name may decide what a check runs
  const deciding = (path: RepoPath) => (decidesChecks(path, '', null, commands) === null ? [] : [''])
  const here = await protectedHere(worktree.root, deciding)
  const byLink = new Map(here.paths.map(({ path, why }) => [path, why]))
  const found: Deciding[] = []
  for (const path of [...modified, ...created, ...deleted].sort()) {
    const [before, after] = await Promise.all([textAt(worktree.base, path), textAt(edited.tree, path)])
    const why = decidesChecks(path, before, after, commands) ?? byLink.get(path) ?? here.whyNamed(path)
    if (why === null) continue
    const args = ['diff-tree', '-p', '--text', '--full-index', worktree.base, edited.tree, '--', `:(literal)${path}`]
    const diff = await git(worktree.root, args)
    found.push({ path, why, diff })
  }
  return found
}
