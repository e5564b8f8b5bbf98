import { RUN_TOKENS } from '../../src/config/defaults.ts'
import { commitDraft } from '../../src/repo/drafts.ts'
import { treeWith } from '../../src/repo/tree-with.ts'
import type { BacklogItem, Draft } from '../../src/store/backlog.ts'
import { trimEndOf } from '../../src/text/trim-end.ts'
import type { Llm } from '../../src/types.ts'
import { relevantOutput } from '../../src/verify/relevant-output.ts'
import { type FeatureOptions, type FeatureResult, implementRequest } from '../feature/agent.ts'
import { nameDraftsOf } from './follow-head.ts'
import { itemRequest, ownWords } from './item-request.ts'
import type { NightOptions } from './night-options.ts'
import { notingRuns } from './noting-runs.ts'
import { seenPlaces } from './seen-places.ts'

const KEPT_OUTPUT = 4000 // characters of a check's output that are stored
const SENT_OUTPUT = 1500 // characters of it that the next attempt is shown

export interface DraftEnd {
  readonly state: 'drafted' | 'planned' | 'needs-you' | 'waiting'
  /** Why, in a sentence; null: it is drafted and nothing failed. */
  readonly reason: string | null
  /** What the user can do about it. */
  readonly fix: string | null
  /**
   * Why work on items ends; null: it goes on. It also goes on after 'refused' (the endpoint does not take this prompt) and after
   * 'call-failed', unless calls of several items in a row fail.
   */
  readonly endsPass: 'out-of-budget' | 'interrupted' | 'model-failed' | 'call-failed' | 'refused' | null
}

/** One result of the agent, as a commit. */
interface Attempt {
  readonly result: FeatureResult
  readonly commit: string | null
  /** What the agent asked to see: 'src/a.ts#f', 'search x in src'. */
  readonly opened: readonly string[]
}

/**
 * Implements an item in a worktree at HEAD, and saves the result: a commit under refs/repose/drafts/, and a row. It runs the staged agent
 * once, and again with the output of the failed check while checks fail and `drafts` allows. The user's files, index and branches stay.
 *
 * llmOf: the model for each attempt, counted from 1.
 */
export async function draftItem(
  item: BacklogItem,
  plan: readonly string[],
  llmOf: (attempt: number) => Llm,
  options: NightOptions,
): Promise<DraftEnd> {
  const { store, clock } = options
  const attempts: Attempt[] = []
  let failure = ''
  do {
    const start = { plan: attempts.length === 0 ? plan : [], failure }
    const attempt = await makeDraft(item, start, llmOf(attempts.length + 1), options)
    attempts.push(attempt)
    const failed = attempt.result.checks.find(({ status, failedBefore }) => status === 'failed' && !failedBefore)
    failure = failed ? `\`${failed.check}\` failed:\n${relevantOutput(failed.output).slice(0, SENT_OUTPUT)}` : ''
  } while (attempts.length < options.drafts && mayGoOn(attempts.at(-1)!, failure))

  const best = bestOf(attempts)
  const end = endOf(best)
  const { result, commit, opened } = best
  const head = options.repo.head
  const seen = await seenPlaces(options.repo.root, head, store, options.worktree, opened)
  const draft: Draft = {
    item: item.id,
    madeAt: clock(),
    base: head,
    commit: end.state === 'drafted' ? commit : null,
    files: [...result.modified, ...result.created, ...result.deleted].sort(),
    plan: opened.length > 0 ? opened : plan,
    seen,
    checks: result.checks.map((check) => ({ ...check, output: check.output.slice(-KEPT_OUTPUT) })),
    cage: result.cage && `${result.cage.caged ? 'in a cage' : 'without a cage'}: ${result.cage.says}`,
    notes: [...new Set(result.notes), ...(attempts.length > 1 ? [`the best of ${attempts.length} drafts`] : [])],
  }
  if (end.state === 'waiting') store.backlog.setState(item.id, item.state, clock(), end.reason)
  else {
    const questions = end.state === 'needs-you' ? [questionOf(result, item.id)] : []
    store.backlog.saveDraft(draft, end.state, clock(), end.reason, questions)
    await nameDraftsOf(item.id, options)
  }
  return end
}

async function makeDraft(
  item: BacklogItem,
  { plan, failure }: { readonly plan: readonly string[]; readonly failure: string },
  llm: Llm,
  options: NightOptions,
): Promise<Attempt> {
  const { repo, store, budget, signal } = options
  const { tokens, usd } = budget.left
  const news = failure === '' ? '' : `\n\nAn earlier attempt at this was thrown away, since ${failure}`
  const asked = itemRequest(item)
  const feature: FeatureOptions = {
    ...options,
    permits: ownWords(item), // not what the output of a check names
    llm,
    effort: 'low',
    at: repo.head,
    isLinked: true,
    plan,
    onlyCaged: true,
    kind: 'draft',
    phase: 'sleep',
    ledger: notingRuns(store.ledger, (run) => store.backlog.noteRun(item.id, run)),
    budgetTokens: Math.min(tokens, RUN_TOKENS),
    maxUsd: Number.isFinite(usd) ? usd : undefined,
    goOn: async () => true,
    signal,
    onProgress: (text) => options.onProgress?.(`${item.id}: ${text}`),
  }
  return implementRequest(`${asked}${news}`, feature, async (result, _worktree, { opened }) => {
    const merged = result.diff === '' ? null : await treeWith(repo.root, repo.head, result.diff)
    const isWhole = merged !== null && 'tree' in merged
    const commit = isWhole ? await commitDraft(repo.root, repo.head, merged.tree, item.request) : null
    return { result, commit, opened }
  })
}

/** Whether another attempt is made: after a failed check; and always if no check can tell whether the attempt is good. */
function mayGoOn({ result }: Attempt, failure: string): boolean {
  if (result.stop !== 'done' && result.stop !== 'checks-failed') return false
  return failure !== '' || result.checks.every(({ status }) => status !== 'passed' && status !== 'failed')
}

/** The best by checks passed, then by agreement with the others about the files changed, then the shortest. */
export function bestOf(attempts: readonly Attempt[]): Attempt {
  const filesOf = ({ result }: Attempt) => [...result.modified, ...result.created, ...result.deleted]
  const votes = new Map<string, number>()
  for (const attempt of attempts) for (const path of filesOf(attempt)) votes.set(path, (votes.get(path) ?? 0) + 1)
  const passed = ({ result }: Attempt) => (result.stop === 'done' ? 1 : 0)
  const agreement = (attempt: Attempt) => {
    const files = filesOf(attempt)
    const agreed = files.reduce((sum, path) => sum + votes.get(path)! / attempts.length, 0)
    return files.length === 0 ? 0 : (2 * agreed) / (files.length + votes.size) // F1 with the votes
  }
  const [best] = [...attempts].sort(
    (a, b) => passed(b) - passed(a) || agreement(b) - agreement(a) || a.result.diff.length - b.result.diff.length,
  )
  return best!
}

const THERE = 'it seems to be there already'
const NOTHING = 'nothing was changed: it may be there already'

function endOf({ result, commit, opened }: Attempt): DraftEnd {
  const { stop, reason, fix } = result
  const end = { reason, fix, endsPass: null }
  if (stop === 'interrupted') return { state: 'waiting', reason: null, fix: null, endsPass: 'interrupted' }
  if (stop === 'done') return { ...end, state: 'drafted', reason: null }
  if (stop === 'checks-failed') return { ...end, state: commit === null ? 'needs-you' : 'drafted' }
  if (stop === 'nothing-to-change') return { ...end, state: 'needs-you', reason: THERE }
  if (stop === 'nothing-changed') return { ...end, state: 'needs-you', reason: NOTHING }
  if (stop === 'out-of-turns') return { ...end, state: 'needs-you' }
  const endsPass = stop === 'model-failed' || stop === 'out-of-budget' ? stop : null
  return { ...end, state: opened.length > 0 ? 'planned' : 'waiting', endsPass }
}

/** The question for the user. The reason of the end is shown beside it. */
function questionOf({ stop, reason }: FeatureResult, item: number): string {
  if (stop === 'nothing-to-change')
    return `It seems to be there already: ${trimEndOf(reason!, '. ')}. Drop it: repose backlog drop ${item}`
  if (stop === 'nothing-changed') return 'Is it there already? If not: what should be different afterwards?'
  return 'What exactly is to change, and in which file?'
}
