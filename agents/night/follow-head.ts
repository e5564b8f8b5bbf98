import { DiffTooLarge } from '../../src/repo/diff-trees.ts'
import { commitDraft, type DraftCommit, draftDiff, forgetDraft, nameDrafts } from '../../src/repo/drafts.ts'
import { git, splitNul } from '../../src/repo/git.ts'
import { openWorktree } from '../../src/repo/worktree.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { BacklogItem, Draft } from '../../src/store/backlog.ts'
import type { CheckResult } from '../../src/types.ts'
import { isCage } from '../../src/verify/cage/open-cage.ts'
import { areUncaged, openChecking } from '../feature/checking.ts'
import { draftAtHead } from './draft-at-head.ts'
import type { NightOptions } from './night-options.ts'

const MOVED = 'moved from ' // start of a note; only the note on the last move is kept

/**
 * 'moved': it now starts from HEAD. 'back': HEAD came back to the commit of an earlier draft. 'checked': checks ran on it that had not.
 * 'stale': it has to be made again.
 */
export type Followed = 'kept' | 'moved' | 'back' | 'checked' | 'there' | 'stale'

/**
 * Brings a draft to HEAD without a model. An earlier draft that was made for this commit is taken up again. One that was made for another
 * commit is moved, and checked again, if it merges and nothing that it was made from has changed. A draft at HEAD is checked if one of the
 * checks has not run on it, since it was not set or not trusted then. What HEAD has already is marked as applied. A stale draft keeps its
 * plan and waits again.
 *
 * drafts: the item's own, then those that are kept for other commits.
 */
export async function followHead(
  item: BacklogItem,
  drafts: readonly Draft[],
  options: NightOptions,
): Promise<Followed> {
  const { repo, store, clock } = options
  const { root, head } = repo
  const found = await draftAtHead(root, head, drafts)
  if (!found) return 'kept'
  const { draft, standing } = found
  if (standing.kind === 'there') {
    store.backlog.setState(item.id, 'applied', clock(), 'found in HEAD')
    return 'there'
  }
  if (standing.kind !== 'fits') return 'stale'
  if (draft.base === head) {
    const isUp = draft.base === drafts[0]!.base && item.state === 'drafted'
    const areRun = options.checks.every((command) => draft.checks.some(({ check }) => check === command))
    if (isUp && areRun) return 'kept'
    const checked = areRun ? {} : await check(draft, options)
    if (options.signal.aborted) return 'kept'
    await save({ ...draft, ...checked }, item, options)
    return isUp ? 'checked' : 'back'
  }
  const commit = await commitDraft(root, head, standing.tree, item.request)
  if (!(await hasDiff(root, { base: head, commit }))) return 'stale'
  const seen = await placesAt(root, draft, head)
  const checked = await check({ base: head, commit }, options)
  const notes = [...draft.notes.filter((note) => !note.startsWith(MOVED)), `${MOVED}${draft.base.slice(0, 10)}`]
  await save({ ...draft, base: head, commit, seen, ...checked, notes }, item, options)
  return 'moved'
}

/** false: the diff is too large, because the lines around the changes are now too long. */
async function hasDiff(root: string, draft: DraftCommit): Promise<boolean> {
  try {
    await draftDiff(root, draft)
    return true
  } catch (error) {
    if (error instanceof DiffTooLarge) return false
    throw error
  }
}

async function save(
  draft: Draft,
  { id, state, reason }: BacklogItem,
  { repo, store, clock }: NightOptions,
): Promise<void> {
  store.backlog.saveDraft(draft, 'drafted', clock(), state === 'drafted' ? reason : null)
  await nameDraftsOf(id, { repo, store })
}

/** Brings the refs of an item to what is stored. */
export async function nameDraftsOf(item: number, { repo, store }: Pick<NightOptions, 'repo' | 'store'>): Promise<void> {
  const [own, ...kept] = store.backlog.drafts(item)
  await nameDrafts(
    repo.root,
    item,
    own?.commit ?? null,
    kept.map(({ commit }) => commit!),
  )
}

/** Removes a draft and its ref. */
export async function dropDraft(item: number, { repo, store }: Pick<NightOptions, 'repo' | 'store'>): Promise<void> {
  store.backlog.dropDraft(item)
  await forgetDraft(repo.root, item)
}

/** The seen places at the new HEAD. In a file that changed, line numbers have moved, so the whole file counts as seen. */
async function placesAt(root: string, { base, seen }: Draft, head: string): Promise<readonly string[]> {
  const names = ['diff-tree', '-r', '--no-renames', '--name-only', '-z', base, head]
  const changed = new Set(splitNul(await git(root, names)))
  const fileOf = (place: string) => place.replace(/:\d+-\d+$/, '')
  return [...new Set(seen.map((place) => (changed.has(fileOf(place)) ? fileOf(place) : place)))]
}

async function check(
  { base, commit }: DraftCommit,
  options: NightOptions,
): Promise<{ readonly checks: readonly CheckResult[]; readonly cage: string | null }> {
  const { repo, store } = options
  if (options.checks.length === 0) return { checks: [], cage: null }
  const isApart = await areUncaged(repo.root, options)
  const worktree = await openWorktree(repo, { at: commit, editedFrom: base, isLinked: true, isApart })
  try {
    const checking = openChecking(worktree, store.checks, secretKeeper().secretsInOutput, {
      ...options,
      onlyCaged: true,
    })
    const checks = await checking.run()
    const place = checking.place()
    return {
      checks,
      cage: place && (isCage(place) ? `in a cage: ${place.name}` : `without a cage: ${place.why}`),
    }
  } finally {
    await worktree.close()
  }
}
