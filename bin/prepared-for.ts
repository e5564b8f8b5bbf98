import { atHead, type ItemAtHead, sayChecks, titleOf } from './backlog-items.ts'
import type { Values } from './command.ts'
import type { Wire } from './wire.ts'

/** An item of the backlog that asks for what a request asks. */
export interface PreparedRequest {
  readonly item: ItemAtHead
  /** Whether its draft can be applied: it fits HEAD, no check failed, and the request wants nothing beyond it. */
  readonly isReady: boolean
  /** Recognised without a model, by number, address or words. */
  readonly isSameWords: boolean
}

/**
 * What was prepared asleep for a request: a draft, or only a plan; null: nothing. Without a model if number, address or words are the same;
 * else one question of at most 600 tokens, only if something is prepared. It is said what was recognised and why.
 */
export async function preparedFor(wire: Wire, request: string, values: Values): Promise<PreparedRequest | null> {
  const store = await wire.store()
  const items = store.backlog.list(['drafted', 'planned'])
  if (items.length === 0) return null
  const { findItem } = await import('../src/backlog/find-item.ts')
  const same = findItem(request, items)
  const found = same ? { item: same, more: '' } : await askModel(wire, request, items, values)
  if (!found) return null
  const item = await atHead(wire, store, found.item)
  const fits = item.standing?.kind === 'fits' && sayChecks(item) !== 'failed'
  const isReady = fits && found.more === ''
  const how = same ? 'by its number, address or words' : `by ${(await wire.llmIfAny('test'))?.model}`
  const use = isReady
    ? 'its draft'
    : found.more !== ''
      ? `its plan, since you want more: ${found.more}`
      : 'its plan, since its draft does not stand'
  wire.say(`prepared asleep: request ${found.item.id}, "${titleOf(found.item)}" (recognised ${how}); from ${use}`)
  return { item, isReady, isSameWords: same !== null }
}

type Items = Awaited<ReturnType<Wire['store']>>['backlog'] extends { list: (...given: never[]) => infer List }
  ? List
  : never

async function askModel(wire: Wire, request: string, items: Items, values: Values) {
  const [{ modelFor }, { recognise }, { meteredLlm }, store] = await Promise.all([
    import('./model-for.ts'),
    import('../agents/night/recognise.ts'),
    import('../src/llm/meter.ts'),
    wire.store(),
  ])
  const llm = await modelFor(wire, 'test', values)
  if (!llm) return null
  const run = store.ledger.startRequest(Date.now(), 'recognise', request, [])
  const recorded = Boolean(values.replay)
  const metered = meteredLlm(llm, (call) => store.ledger.addCall({ ...call, phase: 'test', request: run, recorded }))
  const found = await recognise(request, items, metered, wire.signal)
  wire.signal.throwIfAborted()
  store.ledger.endRequest(run, 'done', [], [])
  return found
}
