import type { Config } from '../src/config/read-config.ts'
import type { Batches } from '../src/llm/open-batches.ts'
import type { Store } from '../src/store/open-store.ts'
import type { Llm } from '../src/types.ts'
import type { Values } from './command.ts'
import type { Wire } from './wire.ts'

/** The store as a replay must see it: without requests since the recording, which the model would otherwise be shown. */
export async function storeFor(store: Store, values: Values): Promise<Store> {
  if (!values.replay) return store
  const [{ readRecording }, { ledgerAsOf }] = await Promise.all([
    import('../src/llm/recording.ts'),
    import('../src/store/ledger.ts'),
  ])
  const recordedAt = Date.parse(readRecording(String(values.replay)).recordedAt)
  return Number.isNaN(recordedAt) ? store : { ...store, ledger: ledgerAsOf(store.ledger, recordedAt) }
}

/**
 * The Batch API of the sleep model's endpoint, for a pass that leaves calls there or where earlier calls wait; undefined: nothing is to be
 * done there.
 */
export async function batchesFor(
  config: Config,
  store: Store,
  llm: Llm | null,
  leave: boolean,
): Promise<Batches | undefined> {
  if (!llm || (!leave && store.batches.open().length === 0 && !store.batches.hasReplies())) return undefined
  const { openBatches } = await import('../src/llm/open-batches.ts')
  return openBatches({ model: llm.model, baseUrl: config.baseUrl, apiKey: config.apiKey })
}

/** The model of a command: the one recorded in --replay, or the configured one, recorded to --record if given. null: none is set. */
export async function modelFor(wire: Wire, phase: 'sleep' | 'awake', values: Values): Promise<Llm | null> {
  if (values.replay) {
    const [{ recordedLlm }, { readRecording }] = await Promise.all([
      import('../src/llm/recorded-llm.ts'),
      import('../src/llm/recording.ts'),
    ])
    return recordedLlm(readRecording(String(values.replay)))
  }
  const llm = await wire.llmIfAny(phase)
  if (!llm || !values.record) return llm
  const [{ recordingLlm }, { requireNoLink }] = await Promise.all([
    import('../src/llm/recording-llm.ts'),
    import('../src/files/require-no-link.ts'),
  ])
  requireNoLink((await wire.repo()).root, String(values.record))
  return recordingLlm(llm, String(values.record))
}
