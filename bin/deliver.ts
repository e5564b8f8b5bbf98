import { shownPath } from '../src/paths.ts'
import { blocking } from '../src/processes/blocking.ts'
import type { ApplyEnd } from '../src/repo/apply-kept.ts'
import type { KeptResult } from '../src/repo/results.ts'
import { plural } from './format.ts'
import { paintDiff } from './paint/diff.ts'
import type { Wire } from './wire.ts'

/** A paid result. kept: its place; null: it could not be kept. */
export interface Result {
  readonly diff: string
  readonly request: string
  readonly kept: KeptResult | null
}

/** Where a result went, or why it went nowhere. All null: there was nothing to do. */
export interface Delivery {
  readonly applied: string | null
  readonly error: string | null
  readonly fix: string | null
}

export const NOT_DELIVERED: Delivery = { applied: null, error: null, fix: null }

/** Keeps the diff of a run, to apply it later or to undo it. null, with a remark: it could not be written. */
export async function keepRun(
  wire: Wire,
  { diff, run, request }: { readonly diff: string; readonly run: number; readonly request: string },
): Promise<KeptResult | null> {
  const [{ keepResult }, { commonDir }] = await Promise.all([import('../src/repo/results.ts'), wire.repo()])
  return keepResult(commonDir, { diff, run, request }).catch((error: Error) => {
    const why = error.message.split('\n')[0]
    wire.say(
      `note: the result could not be kept (${why}), so repose undo cannot take it back; the transcript holds its edits`,
    )
    return null
  })
}

/** The name of a result for apply and undo. */
export function nameOf({ run, id }: KeptResult): string {
  return run === null ? id : String(run)
}

/**
 * Applies a result to the working tree. On a terminal the diff is shown and confirmed first, unless isSure. merge: as in applyKept().
 * If it cannot be written (a full disk, for example), this is a failure, and the diff is kept.
 */
export async function deliverToTree(
  wire: Wire,
  { diff, kept }: Result,
  { isSure, merge }: { readonly isSure: boolean; readonly merge: boolean },
): Promise<Delivery> {
  const again = kept ? `repose apply ${nameOf(kept)}` : null
  if (!isSure && canAsk(wire) && !(await isWanted(wire, diff)))
    return failure('not applied, as you said', again ? `${again} applies it after all` : 'ask for it again')
  try {
    return deliveryOf(await apply(wire, diff, kept, merge), kept, merge)
  } catch (error) {
    const why = await reasonOf(error)
    const where = kept ? `the diff is kept in ${kept.diffPath}` : 'the transcript holds its edits'
    return failure(`the result could not be applied: ${why}`, `mend that; ${where}${again ? `: ${again}` : ''}`)
  }
}

/** Commits a result to a new branch at `head`. */
export async function deliverToBranch(
  wire: Wire,
  { diff, request, kept }: Result,
  head: string,
  branch: string,
): Promise<Delivery> {
  const [{ commitToBranch }, { keepDiff }, repo] = await Promise.all([
    import('../src/repo/apply-result.ts'),
    import('../src/repo/keep-diff.ts'),
    wire.repo(),
  ])
  const keep = kept ? async () => kept.diffPath : keepDiff
  try {
    const outcome = await commitToBranch(repo, { head, diff }, branch, request, keep)
    if (outcome.status === 'nothing') return NOT_DELIVERED
    if (outcome.status === 'committed') {
      if (kept?.state === 'kept' || kept?.state === 'undone')
        await (await import('../src/repo/results.ts')).saveResult({ ...kept, state: 'committed' })
      return { ...NOT_DELIVERED, applied: `committed to ${branch} (${outcome.commit.slice(0, 10)})` }
    }
    const again = kept ? `repose apply ${nameOf(kept)} --branch NAME` : 'git apply --3way it where you want it'
    return failure(outcome.message, `the diff is kept in ${outcome.keptAt}: ${again}`)
  } catch (error) {
    const { UserError } = await import('../src/errors.ts')
    if (error instanceof UserError) throw error
    const where = kept ? `the diff is kept in ${kept.diffPath}` : 'the transcript holds its edits'
    return failure(`the result could not be committed: ${await reasonOf(error)}`, `mend that; ${where}`)
  }
}

async function apply(wire: Wire, diff: string, kept: KeptResult | null, merge: boolean): Promise<ApplyEnd> {
  const repo = await wire.repo()
  if (kept) return (await import('../src/repo/apply-kept.ts')).applyKept(repo, kept, diff, { merge })
  const outcome = await (await import('../src/repo/apply-result.ts')).applyToTree(repo, diff)
  return outcome.status === 'applied' ? { ...outcome, diff, isMerged: false, canUndo: false } : outcome
}

function deliveryOf(end: ApplyEnd, kept: KeptResult | null, merge: boolean): Delivery {
  if (end.status === 'nothing') return NOT_DELIVERED
  if (end.status === 'applied') {
    const merged = end.isMerged ? ', merged with what had changed since' : ''
    const undo = end.canUndo ? ': repose undo takes it back' : ''
    return {
      ...NOT_DELIVERED,
      applied: `applied to ${plural(end.files.length, 'file')} of your working tree${merged}${undo}`,
    }
  }
  const files = end.files.map(shownPath).join(', ')
  if (!kept)
    return failure(`your working tree has changed meanwhile (${files}); nothing was applied`, 'ask for it again')
  return merge
    ? failure(
        `it does not fit, and cannot be merged with what is there now (${files}); nothing was applied`,
        `git apply --3way ${kept.diffPath} merges it with conflict markers`,
      )
    : failure(
        `your working tree has changed meanwhile (${files}); nothing was applied`,
        `repose apply ${nameOf(kept)} merges it with what is there now; it is kept in ${kept.diffPath}`,
      )
}

/** Shows the diff, and asks. Anything but yes is no. */
async function isWanted(wire: Wire, diff: string): Promise<boolean> {
  const [{ confirm }, { filesInDiff }, { shownDiff }] = await Promise.all([
    import('./confirm.ts'),
    import('../src/repo/diff-parts.ts'),
    import('./shown-diff.ts'),
  ])
  wire.printWhole(await blocking(() => shownDiff(diff)), paintDiff)
  const files = filesInDiff(diff)
  return (await confirm(wire, `Apply this to ${plural(files, 'file')} of your working tree?`)) === true
}

/** Whether somebody at a terminal can be asked. */
export function canAsk({ flags }: Wire): boolean {
  return !flags.json && !process.env.CI && process.stdin.isTTY === true && process.stderr.isTTY === true
}

async function reasonOf(error: unknown): Promise<string> {
  const { asUserError } = await import('../src/store/db-errors.ts')
  const { message, stderr = '' } = asUserError(error, null) as Error & { stderr?: string }
  return stderr.trim().split('\n').at(-1) || message.split('\n')[0]!
}

function failure(error: string, fix: string): Delivery {
  return { applied: null, error, fix }
}
