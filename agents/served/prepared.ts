import { findItem } from '../../src/backlog/find-item.ts'
import { draftDiff, standingOf } from '../../src/repo/drafts.ts'
import { redactDiff } from '../../src/secrets/redact-diff.ts'
import { countTokens } from '../../src/tokens/tokens.ts'
import { hasPassed } from '../night/has-passed.ts'
import type { ServedIndex } from './served-index.ts'
import { wholeFiles } from './whole-files.ts'

/** A draft or plan that a sleep pass made for a request, as an agent reads it. */
export interface Prepared {
  readonly text: string
  readonly id: number
  /** 'draft': a finished change that fits HEAD. 'plan': places that an earlier run asked to see. */
  readonly kind: 'draft' | 'plan'
  /** Applies the draft; null for a plan. */
  readonly command: string | null
  /** Places for the argument `looks` of the tool `show`. */
  readonly plan: readonly string[]
}

/**
 * The draft of the backlog item that the request names by number, address or words (findItem); otherwise the item's plan; null: neither
 * exists. Calls no model. A diff of more than `budgetTokens` is not shown.
 */
export async function prepared(
  request: string,
  { repo, store }: ServedIndex,
  budgetTokens: number,
): Promise<Prepared | null> {
  const item = findItem(request, store.backlog.list(['drafted', 'planned']))
  const draft = item && store.backlog.draft(item.id)
  if (!item || !draft) return null
  const { id } = item
  const { root, head } = repo
  const { base, commit, plan } = draft
  const standing = commit === null ? null : await standingOf(root, { base, commit }, draft.seen, head)
  const passed = hasPassed(draft.checks)
  if (commit !== null && standing?.kind === 'fits' && passed !== false) {
    const command = `repose backlog apply ${id}`
    const checks = passed ? 'its checks passed' : 'no checks ran'
    const moved = standing.isMoved ? '; it merges into HEAD, where they have not run' : ''
    const diff = await redactDiff(await draftDiff(root, { base, commit }), wholeFiles(root, draft.files))
    const size = countTokens(diff)
    const shown = size <= budgetTokens ? `\n\`\`\`diff\n${diff.trimEnd()}\n\`\`\`` : ` Its diff has ${size} tokens.`
    const text = `## A draft of this request was made asleep (request ${id}; ${checks}${moved})\nApply it with \`${command}\`, or edit as it does. Files: ${draft.files.join(', ')}.${shown}`
    return { text, id, kind: 'draft', command, plan }
  }
  if (plan.length === 0) return null
  const text = `## An earlier run for this request (${id}) asked to see these places; show them in one call\n${plan.join('\n')}`
  return { text, id, kind: 'plan', command: null, plan }
}
