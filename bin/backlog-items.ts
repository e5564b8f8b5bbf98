import { hasPassed } from '../agents/night/has-passed.ts'
import { SEVERAL } from '../agents/night/several.ts'
import type { SameRequests } from '../src/backlog/same-words.ts'
import type { Standing } from '../src/repo/drafts.ts'
import type { KeptResult } from '../src/repo/results.ts'
import type { BacklogItem, Draft } from '../src/store/backlog.ts'
import type { Store } from '../src/store/open-store.ts'
import { plural } from './format.ts'
import type { Wire } from './wire.ts'

/** An item with its draft, and whether the draft fits HEAD. */
export interface ItemAtHead {
  readonly item: BacklogItem
  readonly draft: Draft | null
  /** null: there is no draft. */
  readonly standing: Standing | null
}

const OF_SEVERAL = ['approve', 'redo', 'drop'] // actions that take '3-9'

/**
 * The items that these words name: '3', '#3', or '3-9' for those that exist in this range. Throws UserError if there are no words, or if a
 * word names no item.
 */
export async function itemsNamed(wire: Wire, words: readonly string[], action: string): Promise<BacklogItem[]> {
  const [{ UserError }, { backlog }] = await Promise.all([import('../src/errors.ts'), wire.store()])
  if (words.length === 0) throw new UserError('no request is named', `give an id, as in repose backlog ${action} 3`)
  const form = OF_SEVERAL.includes(action) ? /^#?(\d{1,9})(?:-(\d{1,9}))?$/ : /^#?(\d{1,9})$/
  return words.flatMap((word) => {
    const [, first, last = first] = form.exec(word) ?? []
    const items = first === last ? [backlog.get(Number(first))] : backlog.between(Number(first), Number(last))
    const found = items.filter((item) => item !== null)
    if (found.length > 0) return found
    throw new UserError(`there is no request ${word} in the backlog`, 'repose backlog --all lists them with their ids')
  })
}

/** The item that is worked on in place of this one; itself for most. */
export function leadOf(store: Store, item: BacklogItem): BacklogItem {
  return (item.state === 'same' && item.sameAs !== null && store.backlog.get(item.sameAs)) || item
}

/**
 * Finds out where the drafts of an item stand at HEAD, and takes the one that fits. Needs a few git processes if HEAD is not the commit from
 * which it was made.
 */
export async function atHead(wire: Wire, store: Store, item: BacklogItem): Promise<ItemAtHead> {
  const drafts = store.backlog.drafts(item.id)
  const own = drafts[0] ?? null
  if (own === null || item.state === 'applied' || item.state === 'dropped') return { item, draft: own, standing: null }
  const [{ draftAtHead }, { root, head }] = await Promise.all([import('../agents/night/draft-at-head.ts'), wire.repo()])
  const found = await draftAtHead(root, head, drafts)
  if (!found) return { item, draft: own, standing: null }
  const isReady = item.state === 'planned' && found.standing.kind === 'fits' // HEAD is back where it is good
  return { item: isReady ? { ...item, state: 'drafted', reason: null } : item, ...found }
}

const OPEN: readonly string[] = ['drafted', 'planned', 'waiting', 'needs-you']

/**
 * Marks the item of a run as applied; after an undo as drafted again, or as waiting if it has no draft. Does nothing for a run that was for no
 * item.
 */
export async function noteApplied(wire: Wire, { run }: Pick<KeptResult, 'run'>, isApplied: boolean): Promise<void> {
  if (run === null) return
  const { backlog } = await wire.store()
  const id = backlog.itemOfRun(run)
  const state = id === null ? undefined : backlog.get(id)?.state
  if (id === null || !state || !(isApplied ? OPEN : ['applied']).includes(state)) return
  backlog.setState(id, isApplied ? 'applied' : backlog.draft(id)?.commit ? 'drafted' : 'waiting', Date.now())
}

/** The message that an item has no draft, with the reason. */
export function noDraft({ id, state }: Pick<BacklogItem, 'id' | 'state'>): string {
  const why = {
    waiting: 'it is waiting',
    planned: 'it is only planned',
    'needs-you': 'it waits for your answer',
    same: 'another request asks for the same',
    forecast: 'nobody has asked for it yet',
    applied: 'it was applied already',
    dropped: 'it was dropped',
    drafted: 'its draft is gone',
  }
  return `request ${id} has no draft: ${why[state]}`
}

const AT_ONCE = 4 // drafts; each takes some git processes

/** atHead() for many items. */
export async function allAtHead(wire: Wire, store: Store, items: readonly BacklogItem[]): Promise<ItemAtHead[]> {
  const all: ItemAtHead[] = []
  for (let at = 0; at < items.length; at += AT_ONCE) {
    wire.signal.throwIfAborted()
    all.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map((item) => atHead(wire, store, item)))))
  }
  return all
}

/** '5 asks for the same as 3: one draft is made, as 3'. */
export function sayLinked({ lead, same }: SameRequests): string {
  const isOne = same.length === 1
  return `${same.join(', ')} ${isOne ? 'asks' : 'ask'} for the same as ${lead}: one draft is made, as ${lead} (repose backlog redo ${same[0]} separates them)`
}

/** The state in words: 'drafted', 'stale', 'waits for approval', 'needs you: 2 questions'. */
export function sayState({ item, standing }: ItemAtHead): string {
  const { state, isApproved, questions, reason } = item
  if (state === 'waiting' && !isApproved) return 'waits for approval'
  if (reason === SEVERAL) return `needs you: to split it in ${questions.length}`
  if (state === 'needs-you' && item.sameAs !== null) return `needs you: same as ${item.sameAs}?`
  if (state === 'needs-you')
    return questions.length > 0 ? `needs you: ${plural(questions.length, 'question')}` : 'needs you'
  if (state === 'same') return `same as ${item.sameAs}`
  if (standing?.kind === 'there') return 'in HEAD already'
  if (standing && standing.kind !== 'fits') return 'stale'
  if (state === 'applied' && reason) return `applied (${reason})`
  return state
}

/** 'passed', 'failed', 'not run', or '' without a draft. */
export function sayChecks({ draft, item }: ItemAtHead): string {
  if (!draft?.commit || item.state === 'dropped') return ''
  const passed = hasPassed(draft.checks)
  return passed === null ? 'not run' : passed ? 'passed' : 'failed'
}

/** Milliseconds -> '5 min', '6 h', '3 d'. */
export function age(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000))
  if (minutes < 90) return `${minutes} min`
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} d`
}
