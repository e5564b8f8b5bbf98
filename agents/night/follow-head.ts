import { commitDraft, forgetDraft, nameDraft, standingOf } from '../../src/repo/drafts.ts'
import { git, splitNul } from '../../src/repo/git.ts'
import { openWorktree } from '../../src/repo/worktree.ts'
import { secretKeeper } from '../../src/secrets/secret-keeper.ts'
import type { BacklogItem, Draft } from '../../src/store/backlog.ts'
import type { CheckResult } from '../../src/types.ts'
import { isCage } from '../../src/verify/cage/open-cage.ts'
import { openChecking } from '../feature/checking.ts'
import type { NightOptions } from './night-options.ts'

const MOVED = 'moved from ' // start of a note; only the note on the last move is kept

/** 'moved': it now starts from HEAD. 'checked': checks ran on it that had not. 'stale': it has to be made again. */
export type Followed = 'kept' | 'moved' | 'checked' | 'there' | 'stale'

/**
 * Brings a draft to HEAD without a model. It is moved, and checked again, if it merges and nothing that it was made from has changed.
 * A draft at HEAD is checked if one of the checks has not run on it, since it was not set or not trusted then. What HEAD has already is
 * marked as applied. A stale draft keeps its plan and waits again.
 */
export async function followHead(item: BacklogItem, draft: Draft, options: NightOptions): Promise<Followed> {
  const { repo, store, clock } = options
  const { root, head } = repo
  if (draft.commit === null) return 'kept'
  if (draft.base === head) {
    if (options.checks.every((command) => draft.checks.some(({ check }) => check === command))) return 'kept'
    const checked = await check(draft.commit, options)
    if (options.signal.aborted) return 'kept'
    store.backlog.saveDraft({ ...draft, ...checked }, 'drafted', clock(), item.reason)
    return 'checked'
  }
  const standing = await standingOf(root, { base: draft.base, commit: draft.commit }, draft.seen, head)
  if (standing.kind === 'there') {
    store.backlog.setState(item.id, 'applied', clock(), 'found in HEAD')
    return 'there'
  }
  if (standing.kind !== 'fits') return 'stale'
  const commit = await commitDraft(root, head, standing.tree, item.request)
  const seen = await placesAt(root, draft, head)
  const checked = await check(commit, options)
  store.backlog.saveDraft(
    {
      ...draft,
      base: head,
      commit,
      seen,
      ...checked,
      notes: [...draft.notes.filter((note) => !note.startsWith(MOVED)), `${MOVED}${draft.base.slice(0, 10)}`],
    },
    'drafted',
    clock(),
    item.reason,
  )
  await nameDraft(root, item.id, commit)
  return 'moved'
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
  commit: string,
  options: NightOptions,
): Promise<{ readonly checks: readonly CheckResult[]; readonly cage: string | null }> {
  const { repo, store } = options
  if (options.checks.length === 0) return { checks: [], cage: null }
  const worktree = await openWorktree(repo.root, { at: commit, isLinked: true })
  try {
    const checking = openChecking(worktree, store.checks, secretKeeper().redact, { ...options, onlyCaged: true })
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
