import { hasPassed } from '../agents/night/has-passed.ts'
import type { Standing } from '../src/repo/drafts.ts'
import type { BacklogItem, Draft } from '../src/store/backlog.ts'
import type { Store } from '../src/store/open-store.ts'
import { plural } from './format.ts'
import type { Wire } from './wire.ts'

/** An item, what was made of it, and where that stands at HEAD. */
export interface ItemAtHead {
  readonly item: BacklogItem
  readonly draft: Draft | null
  /** null: there is no draft. */
  readonly standing: Standing | null
}

/** The items that some words name ('3', '#3'). Throws UserError if there is none, or none is named. */
export async function itemsNamed(wire: Wire, words: readonly string[], action: string): Promise<BacklogItem[]> {
  const [{ UserError }, { backlog }] = await Promise.all([import('../src/errors.ts'), wire.store()])
  if (words.length === 0)
    throw new UserError(`which request is meant is not said`, `give its id, as in repose backlog ${action} 3`)
  return words.map((word) => {
    const id = /^#?(\d{1,9})$/.exec(word)?.[1]
    const item = id === undefined ? null : backlog.get(Number(id))
    if (item) return item
    throw new UserError(`there is no request ${word} in the backlog`, 'repose backlog --all lists them with their ids')
  })
}

/** Looks where a draft stands at HEAD. A few git processes if HEAD is not the commit that it was made from. */
export async function atHead(wire: Wire, store: Store, item: BacklogItem): Promise<ItemAtHead> {
  const draft = store.backlog.draft(item.id)
  if (!draft?.commit || item.state === 'applied' || item.state === 'dropped') return { item, draft, standing: null }
  const [{ standingOf }, { root, head }] = await Promise.all([import('../src/repo/drafts.ts'), wire.repo()])
  const standing = await standingOf(root, { base: draft.base, commit: draft.commit }, draft.seen, head)
  return { item, draft, standing }
}

const AT_ONCE = 4 // drafts; each takes some git processes

/** Looks where the drafts of many items stand. */
export async function allAtHead(wire: Wire, store: Store, items: readonly BacklogItem[]): Promise<ItemAtHead[]> {
  const all: ItemAtHead[] = []
  for (let at = 0; at < items.length; at += AT_ONCE) {
    wire.signal.throwIfAborted()
    all.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map((item) => atHead(wire, store, item)))))
  }
  return all
}

export function titleOf({ request }: Pick<BacklogItem, 'request'>): string {
  return request.split('\n', 1)[0]!
}

/** The state in words: 'drafted', 'stale', 'waits for approval', 'needs you: 2 questions'. */
export function sayState({ item, standing }: ItemAtHead): string {
  const { state, isApproved, questions, reason } = item
  if (state === 'waiting' && !isApproved) return 'waits for approval'
  if (state === 'needs-you')
    return questions.length > 0 ? `needs you: ${plural(questions.length, 'question')}` : 'needs you'
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
