import type { Config } from '../config/read-config.ts'
import { UserError } from '../errors.ts'
import type { Llm } from '../types.ts'

export type Phase = 'sleep' | 'awake'

/** A model is needed, and none is set. */
export class NoModel extends UserError {
  constructor(what: string) {
    super(
      what,
      'set OPENAI_API_KEY (or OPENAI_BASE_URL for a local server) and REPOSE_MODEL; implement and --select need a model, all else works without',
    )
  }
}

const NO_NAME = 'no model is named'
const NO_ENDPOINT = 'no key and no endpoint is set'

/** The model that a configuration sets, or null. */
export async function configuredLlm(config: Config, phase: Phase): Promise<Llm | null> {
  const model = modelName(config, phase)
  if (!model || !hasEndpoint(config)) return null
  const { openLlm } = await import('./open-llm.ts')
  return openLlm({
    model,
    baseUrl: config.baseUrl,
    apiKey: config.apiKey,
    timeoutMs: config.timeoutMs,
    stream: config.stream,
    serviceTier: phase === 'sleep' ? config.serviceTier : undefined,
    price: config.prices[model],
  })
}

/** Why a configuration sets no model. */
export function noModel(config: Config): NoModel {
  return new NoModel(hasEndpoint(config) ? NO_NAME : NO_ENDPOINT)
}

/** Why no model is asked although one is named, or has an endpoint; null: neither is, or both are. */
export function halfSet(config: Config, phase: Phase): string | null {
  const model = modelName(config, phase)
  if (model && !hasEndpoint(config)) return `${model} is not asked, since ${NO_ENDPOINT}`
  if (!model && hasEndpoint(config)) return `no model is asked, since ${NO_NAME} (REPOSE_MODEL)`
  return null
}

function modelName(config: Config, phase: Phase): string | undefined {
  return phase === 'sleep' ? (config.sleepModel ?? config.model) : config.model
}

export function hasEndpoint({ apiKey, baseUrl }: Config): boolean {
  return Boolean(apiKey || baseUrl)
}
