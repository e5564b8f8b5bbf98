import { type Standing, standingOf } from '../../src/repo/drafts.ts'
import type { Draft } from '../../src/store/backlog.ts'

export interface StandingDraft {
  readonly draft: Draft & { readonly commit: string }
  readonly standing: Standing
}

/**
 * The draft of an item to use at `head`: the one that was made for this commit, else the first that fits, else the first, whatever its
 * standing. null: none has a commit.
 *
 * drafts: the item's own, then those that are kept for other commits. No git process for a draft that was made for `head`; some for each
 * that is looked at besides.
 */
export async function draftAtHead(root: string, head: string, drafts: readonly Draft[]): Promise<StandingDraft | null> {
  const made = drafts.flatMap((draft) => (draft.commit === null ? [] : [{ ...draft, commit: draft.commit }]))
  let first: StandingDraft | null = null
  const order = [...made.filter(({ base }) => base === head), ...made.filter(({ base }) => base !== head)]
  for (const draft of order) {
    const standing = await standingOf(root, draft, draft.seen, head)
    if (standing.kind === 'fits' || standing.kind === 'there') return { draft, standing }
    if (first === null || draft === made[0]) first = { draft, standing }
  }
  return first
}
