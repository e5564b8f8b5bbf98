import { ownWords } from '../../agents/night/item-request.ts'
import { shownPath } from '../../src/paths.ts'
import type { RepoPath } from '../../src/types.ts'
import { atHead, type ItemAtHead, itemsNamed, leadOf, noDraft, sayChecks } from '../backlog-items.ts'
import type { ExitCode, Values } from '../command.ts'
import { canAsk, type Delivery, deliverToBranch, deliverToTree, keepRun } from '../deliver.ts'
import type { Wire } from '../wire.ts'

/** Applies a draft, or commits it to a branch. No model is called. */
export async function applyItem(wire: Wire, words: readonly string[], values: Values): Promise<ExitCode> {
  const [named] = await itemsNamed(wire, words, 'apply')
  const store = await wire.store()
  const item = leadOf(store, named!)
  const one = await atHead(wire, store, item)
  return applyDraft(wire, one, {
    branch: values.branch as string | undefined,
    isSure: values.yes === true,
    isNamed: true,
    asked: ownWords(item),
    allowed: [],
  })
}

export interface ApplyDraftOptions {
  readonly branch: string | undefined
  /** The user said --yes. */
  readonly isSure: boolean
  /** The user named this draft, and did not only ask for what it does: then --yes also allows protected files. */
  readonly isNamed: boolean
  /** The diff is only printed. */
  readonly isDry?: boolean
  /** Words, and paths of --allow, that allow changes of protected files. */
  readonly asked: string
  readonly allowed: readonly RepoPath[]
}

/**
 * Applies the draft of an item as implement applies its result: undo takes it back. Throws UserError if there is no draft, or if it is
 * stale: then HEAD has changed what it was made from. Throws it, too, if it changes protected files that nobody asked for and nobody can be
 * asked: a draft may have come with a git folder of others, or hold what implement() would refuse.
 */
export async function applyDraft(
  wire: Wire,
  one: ItemAtHead,
  { branch, isSure, isNamed, isDry = false, asked, allowed }: ApplyDraftOptions,
): Promise<ExitCode> {
  const { item, draft, standing } = one
  const { UserError } = await import('../../src/errors.ts')
  if (!draft?.commit || !standing)
    throw new UserError(noDraft(item), `repose backlog show ${item.id} shows what there is`, { exitCode: 1 })
  if (standing.kind === 'there')
    throw new UserError(`HEAD has request ${item.id} already`, `repose backlog drop ${item.id}`, { exitCode: 1 })
  if (standing.kind !== 'fits')
    throw new UserError(
      `the draft is stale: ${whyStale(one)}`,
      `repose sleep --only backlog makes it again from its plan; repose backlog show ${item.id} shows it`,
      { exitCode: 1 },
    )
  const [repo, store, { diffBetween }, { requireNewBranch }, { unaskedChanges }] = await Promise.all([
    wire.repo(),
    wire.store(),
    import('../../src/repo/drafts.ts'),
    import('../../src/repo/apply-result.ts'),
    import('../unasked-changes.ts'),
  ])
  if (branch !== undefined) await requireNewBranch(repo, branch)
  const diff = await diffBetween(repo.root, repo.head, standing.tree)
  const unasked = (await unaskedChanges(repo.root, diff, { request: asked, allowed })).map(({ path }) =>
    shownPath(path),
  )
  const isAllowed = isSure ? isNamed : branch === undefined && canAsk(wire)
  if (unasked.length > 0 && !isAllowed && !isDry)
    throw new UserError(
      `the draft changes protected files that you did not name: ${unasked.join(', ')}`,
      `read it with repose backlog show ${item.id}; repose backlog apply ${item.id} --yes applies it`,
      { exitCode: 1 },
    )
  if (unasked.length > 0) wire.say(`note: protected, and not named by you: ${unasked.join(', ')}`)
  const run = store.backlog.lastRun(item.id)
  if (isDry) {
    if (wire.flags.json)
      wire.printJson({ id: item.id, run, files: draft.files, checks: draft.checks, diff, applied: null })
    else wire.printExact(diff, (await import('../paint/diff.ts')).paintDiff)
    return 0
  }
  const kept = run === null ? null : await keepRun(wire, { diff, run, request: item.request })
  const result = { diff, request: item.request, kept }
  if (!wire.flags.json && standing.isMoved)
    wire.say('HEAD has moved since it was drafted: it is merged, and its checks have not run on the result')
  if (!wire.flags.json && sayChecks(one) === 'failed') wire.say('note: its checks failed')
  const { applied, error, fix }: Delivery =
    branch === undefined
      ? await deliverToTree(wire, result, { isSure, merge: true })
      : await deliverToBranch(wire, result, repo.head, branch)
  if (applied && draft.base === store.backlog.draft(item.id)?.base)
    store.backlog.setState(item.id, 'applied', Date.now())
  else if (applied) store.backlog.saveDraft(draft, 'applied', Date.now())
  if (wire.flags.json)
    wire.printJson({
      id: item.id,
      run,
      files: draft.files,
      checks: draft.checks,
      branch: (applied && branch) ?? null,
      applied,
      error,
      fix,
    })
  else if (applied) wire.say(applied)
  else if (error !== null && fix !== null) wire.sayFailure(error, fix)
  else wire.say('nothing to do: all of it is there already')
  return error === null ? 0 : 1
}

function whyStale({ standing }: ItemAtHead): string {
  if (standing?.kind === 'conflict') return `HEAD changed the same lines in ${standing.files.map(shownPath).join(', ')}`
  if (standing?.kind === 'changed')
    return `HEAD changed what it was made from (${standing.seen.map(shownPath).join(', ')})`
  return 'its commit is gone'
}
