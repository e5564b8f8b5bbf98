import { itemRequest, ownWords } from '../agents/night/item-request.ts'
import { titleOf } from '../src/backlog/title-of.ts'
import type { BacklogItem } from '../src/store/backlog.ts'
import type { Store } from '../src/store/open-store.ts'
import type { Usage } from '../src/types.ts'
import { atHead, type ItemAtHead, leadOf, noDraft, sayChecks } from './backlog-items.ts'
import type { Values } from './command.ts'
import type { Wire } from './wire.ts'

/** An item of the backlog that asks for what a request asks. */
export interface PreparedRequest {
  readonly item: ItemAtHead
  /** Whether its draft is to be applied, or printed in a dry run; otherwise the request starts from its plan. */
  readonly useDraft: boolean
  /** The request in words: that of the item, if only its number or address was given. */
  readonly request: string
  /** The words of the user that allow protected paths by naming them. What only a model took for the same request allows none. */
  readonly permits: string
}

/**
 * Finds what was prepared asleep for a request: a draft, or only a plan; null: nothing. Also recognises a request of the backlog that waits
 * without a draft. A number, an address or equal words need no model. Otherwise the model gets one question of at most 600 tokens, if
 * anything is prepared or waits, within the limits of the command. Prints what was recognised, and how.
 *
 * own: what of the request the user typed; '' if it was piped. onSpent: called with the usage of that question. Throws UserError if HEAD has the draft already, and for a number or an address that names no draft, since a model cannot implement that.
 */
export async function preparedFor(
  wire: Wire,
  { request, own }: { readonly request: string; readonly own: string },
  values: Values,
  onSpent: (usage: Usage) => void,
): Promise<PreparedRequest | null> {
  const store = await wire.store()
  const { findItem, isReference } = await import('../src/backlog/find-item.ts')
  // a plan that was pulled leaves its request waiting
  const isPulled = ({ id, isApproved }: BacklogItem) => isApproved && Boolean(store.backlog.draft(id)?.origin)
  const prepared = [...store.backlog.list(['drafted', 'planned']), ...store.backlog.list(['waiting']).filter(isPulled)]
  const forecasts = store.backlog.list(['forecast'])
  // requests without a draft: one that is implemented now is marked, so that the night does not draft it again
  const open = store.backlog.list(['waiting', 'needs-you']).filter((item) => item.isApproved && !isPulled(item))
  const wants = isReference(request) ? [] : open
  const items = [...prepared, ...wants, ...forecasts]
  // a request of others becomes part of the user's only if it is approved, or named by its number or address
  const meant = isReference(request) ? items : items.filter(({ isApproved }) => isApproved)
  const linked = findItem(request, store.backlog.list(['same']))
  const named = findItem(request, meant) ?? (linked && leadOf(store, linked))
  const same = named && meant.some(({ id }) => id === named.id) ? named : null
  if (!same && isReference(request)) throw await namesNoDraft(request, store)
  const isDrafted = (await wire.config()).backlog.draft
  if (!same && !prepared.some(({ isApproved }) => isApproved) && !(isDrafted && wants.length > 0)) return null // nothing is paid to recognise what the night does not draft
  const found = same ? { item: same, more: '' } : await askModel(wire, request, meant, values, onSpent)
  if (!found) return null
  const isForecast = found.item.state === 'forecast'
  const item = await atHead(wire, store, found.item)
  const asked = isForecast
    ? request
    : askedFor(request, found.item, { isSame: same !== null, isReference: isReference(request) })
  const permits = [own, ...(same && !isForecast ? [ownWords(found.item)] : [])].join('\n\n')
  if (wants.some(({ id }) => id === found.item.id)) {
    const by = same ? 'the same words' : `recognised by ${(await wire.llmIfAny('awake'))?.model}`
    const what = `this looks like request ${found.item.id} of the backlog, "${titleOf(found.item)}" (${by}), which has no draft`
    wire.say(`${what}: it is implemented now, and marked as applied when its result is`)
    return { item, useDraft: false, request: asked, permits }
  }
  const how = same ? 'by its number, address or words' : `by ${(await wire.llmIfAny('awake'))?.model}`
  const is = `${isForecast ? 'forecast' : 'prepared asleep'}: request ${found.item.id}, "${titleOf(found.item)}" (recognised ${how})`
  if (item.standing?.kind === 'there' && found.more === '') throw await isThere(is)
  const whyNot = await whyNotDraft(wire, item, { more: found.more, isSure: same !== null }, values)
  if (isForecast) {
    store.forecasts.end(found.item.id, 'hit', 'asked for')
    store.backlog.setState(found.item.id, 'applied', Date.now(), 'asked for')
  }
  wire.say(`${is}; from ${whyNot === null ? 'its draft' : `its plan, since ${whyNot}`}`)
  return { item, useDraft: whyNot === null, request: asked, permits }
}

/** What is implemented for a request that was recognised: the item may say more than its title and the words of the request. */
function askedFor(
  request: string,
  item: BacklogItem,
  { isSame, isReference }: { readonly isSame: boolean; readonly isReference: boolean },
): string {
  const ofItem = itemRequest(item)
  if (!isSame) return `${request.trim()}\n\n${ofItem}`
  return isReference || ofItem.includes('\n') ? ofItem : request
}

/** Why a draft is not used; null: it is. A draft that a model recognised is applied only after a yes. */
async function whyNotDraft(
  wire: Wire,
  item: ItemAtHead,
  { more, isSure }: { readonly more: string; readonly isSure: boolean },
  values: Values,
): Promise<string | null> {
  if (more !== '') return `you want more: ${more}`
  if (item.standing === null) return 'it has no draft yet'
  if (item.standing.kind !== 'fits') return 'its draft no longer fits HEAD'
  if (sayChecks(item) === 'failed') return 'a check of its draft failed'
  if (isSure || values.yes === true || values.dryRun === true) return null
  const { confirm } = await import('./confirm.ts')
  const answer = await confirm(wire, `Look at the draft of "${titleOf(item.item)}"?`)
  if (answer === true) return null
  return answer === null ? 'nobody can be asked whether it is the same (--yes applies its draft)' : 'you said no'
}

async function namesNoDraft(request: string, store: Store): Promise<Error> {
  const [{ UserError }, { findItem }] = await Promise.all([
    import('../src/errors.ts'),
    import('../src/backlog/find-item.ts'),
  ])
  const item = findItem(request, store.backlog.list(['waiting', 'needs-you', 'same', 'forecast', 'applied', 'dropped']))
  if (item) return new UserError(noDraft(item), `repose backlog show ${item.id} shows it; or give the request in words`)
  return new UserError(
    `no request of the backlog is called ${request.trim()}`,
    'give the request in words, or the number that repose backlog shows; gh issue view 12 | repose implement -',
  )
}

async function isThere(is: string): Promise<Error> {
  const { UserError } = await import('../src/errors.ts')
  return new UserError(`${is}: HEAD has it already`, '--no-draft implements it all the same', { exitCode: 1 })
}

type Items = Awaited<ReturnType<Wire['store']>>['backlog'] extends { list: (...given: never[]) => infer List }
  ? List
  : never

async function askModel(wire: Wire, request: string, items: Items, values: Values, onSpent: (usage: Usage) => void) {
  const [{ modelFor }, { recognise, LEAST_ANSWER }, { meteredLlm }, { limited, limitsIn }, store] = await Promise.all([
    import('./model-for.ts'),
    import('../agents/night/recognise.ts'),
    import('../src/llm/meter.ts'),
    import('./limits.ts'),
    wire.store(),
  ])
  const llm = await modelFor(wire, 'awake', values)
  if (!llm) return null
  const run = store.ledger.startRequest(Date.now(), 'recognise', request, [])
  const recorded = Boolean(values.replay)
  const metered = meteredLlm(llm, (call) => store.ledger.addCall({ ...call, phase: 'awake', request: run, recorded }))
  const { llm: within, budget } = await limited(wire, metered, limitsIn(values), LEAST_ANSWER)
  const found = await recognise(request, items, within, wire.signal)
  onSpent(budget.spent)
  wire.signal.throwIfAborted()
  store.ledger.endRequest(run, 'done', [], [])
  return found
}
