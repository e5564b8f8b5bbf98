import * as z from 'zod'
import { DEFAULTS } from './config-defaults.ts'

const PRICE = z.strictObject({
  inputPerMillion: z.number().min(0),
  cachedPerMillion: z.number().min(0).optional(),
  outputPerMillion: z.number().min(0),
})

const SHARED = {
  $schema: z.string().optional(),
  model: z.string().min(1).optional().describe('Model of the feature agent, as the endpoint names it.'),
  sleepModel: z.string().min(1).optional().describe('Model of the sleep pass; the same one where absent.'),
  packTokens: z.int().min(0).default(DEFAULTS.packTokens).describe('Token budget of a pack.'),
  checks: z
    .array(z.string().min(1))
    .default([...DEFAULTS.checks])
    .describe('Commands that must pass after an edit, run in this order.'),
  checkTimeoutMs: z.int().min(1).default(DEFAULTS.checkTimeoutMs),
  maxFileBytes: z.int().min(1).default(DEFAULTS.maxFileBytes).describe('Larger files are left out.'),
  maxCommits: z.int().min(0).default(DEFAULTS.maxCommits).describe('How many past commits count.'),
  sleep: z
    .strictObject({
      budgetTokens: z.int().min(0).optional().describe('Tokens that one pass may use, input and output together.'),
      maxUsd: z.number().min(0).optional(),
      concurrency: z.int().min(1).max(64).default(DEFAULTS.sleep.concurrency),
      learnSeconds: z
        .number()
        .min(0)
        .default(DEFAULTS.sleep.learnSeconds)
        .describe('Time for learning from past features, after the summaries; 0: none.'),
    })
    .prefault({}),
  prices: z
    .record(z.string(), PRICE)
    .default({})
    .describe('US$ per million tokens of models that repose does not know.'),
}

/** What a repository may say of itself. No endpoint: a cloned repository must not choose where code and key are sent. */
export const REPOSITORY_CONFIG = z.strictObject(SHARED)

export const USER_CONFIG = z.strictObject({
  ...SHARED,
  baseUrl: z.url().optional().describe('OpenAI-compatible endpoint.'),
  timeoutMs: z
    .int()
    .min(1)
    .default(DEFAULTS.timeoutMs)
    .describe('Longest wait for a reply; above 300,000 only with stream.'),
  stream: z.boolean().default(DEFAULTS.stream).describe('For endpoints that only stream.'),
  serviceTier: z
    .literal('flex')
    .optional()
    .describe('Cheaper, slower calls for sleep passes, where the endpoint has them.'),
})

/** JSON schema of repose.config.json, for editors: shipped as repose.schema.json. */
export function configSchema(): object {
  return z.toJSONSchema(REPOSITORY_CONFIG, { io: 'input' })
}
